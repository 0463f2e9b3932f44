import type { BufferName } from '../buffer-names.ts';
import { stepDeclaration } from './step.ts';

/** What a buffer is read as; a vector of four floats starts at a multiple of 4. */
export type Element = 'f32' | 'vec2f' | 'vec4f' | 'u32';

/** A buffer that a kernel uses, in WGSL under the buffer's name. */
export interface Binding {
  readonly buffer: BufferName;
  readonly element: Element;
  readonly access: 'read' | 'read_write';
}

/** Memory that the invocations of a workgroup share. */
export interface WorkgroupArray {
  readonly name: string;
  readonly element: 'f32' | 'vec2f' | 'vec3f' | 'vec4f';
  readonly length: number;
}

/** One compute shader, written for one network. */
export interface Kernel {
  readonly name: string;
  readonly bindings: readonly Binding[];
  readonly code: string;
  /** Invocations of a workgroup. */
  readonly threads: number;
  /** Bytes of memory that a workgroup takes. */
  readonly workgroupBytes: number;
}

/** Which part of a network's work a dispatch does. Its meaning is documented in the kernels that read it. */
export interface Wave {
  readonly time: number;
  readonly layer: number;
  readonly lag: number;
  readonly firstRow: number;
  readonly rows: number;
}

export interface KernelSource {
  readonly name: string;
  readonly bindings: readonly Binding[];
  readonly threads: number;
  readonly memory?: readonly WorkgroupArray[];
  /** Constants and functions before the entry point. */
  readonly declarations?: string;
  /** Of the entry point: `group` is the workgroup's place in the grid, `lane` the invocation's number in its workgroup. */
  readonly body: string;
}

/** Binding numbers of the two uniforms; storage buffers follow. */
export const waveBinding = 0;
export const stepBinding = 1;
export const firstStorageBinding = 2;

/** Binds a buffer for reading only. */
export function reads(buffer: BufferName, element: Element = 'vec4f'): Binding {
  return { buffer, element, access: 'read' };
}

/** Binds a buffer for reading and writing. */
export function writes(buffer: BufferName, element: Element = 'vec4f'): Binding {
  return { buffer, element, access: 'read_write' };
}

const elementBytes = { f32: 4, vec2f: 8, vec3f: 16, vec4f: 16 } as const;

/** `group` starts at wave.base, so that a dispatch too long for a slow card can be cut into several. */
const waveDeclaration = `
struct Wave { time: i32, layer: i32, lag: i32, firstRow: u32, rows: u32, base: vec3u }
@group(0) @binding(${waveBinding}) var<uniform> wave: Wave;`;

/** Bytes of the uniform `wave`. */
export const waveBytes = 48;

/** Writes the uniform `wave` in WGSL's layout: a vec3u starts at a multiple of 16. */
export function writeWave(view: DataView, wave: Wave, base: readonly [number, number, number]): void {
  const words = [wave.time, wave.layer, wave.lag, wave.firstRow, wave.rows, 0, 0, 0, ...base];
  words.forEach((word, index) => view.setInt32(index * 4, word, true));
}

/** Writes the shader: declarations of uniforms, buffers and shared memory, then the entry point. */
export function kernel({
  name,
  bindings,
  threads,
  memory = [],
  declarations = '',
  body,
}: KernelSource): Kernel {
  const storage = bindings.map(
    ({ buffer, element, access }, index) =>
      `@group(0) @binding(${firstStorageBinding + index}) var<storage, ${access}> ${buffer}: array<${element}>;`,
  );
  const shared = memory.map(
    (array) => `var<workgroup> ${array.name}: array<${array.element}, ${array.length}>;`,
  );
  const code = `${waveDeclaration}
${stepDeclaration}
${storage.join('\n')}
${shared.join('\n')}
${declarations}
@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) lane: u32) {
let group = workgroup + wave.base;
${body}
}`;
  const bytes = memory.reduce((total, array) => total + elementBytes[array.element] * array.length, 0);
  return { name, bindings, code, threads, workgroupBytes: bytes };
}

/** [0, 1, ... count - 1], for code that is written out once for each. */
export function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** Code written out for each of [0, count). */
export function repeat(count: number, write: (index: number) => string, between = '\n'): string {
  return range(count).map(write).join(between);
}

/** A table of numbers as a WGSL constant. */
export function constantTable(name: string, values: readonly number[]): string {
  return `const ${name} = array<u32, ${values.length}>(${values.map((value) => `${value}u`).join(', ')});`;
}

/** A number as a WGSL f32: always with a decimal point or an exponent, never rounded twice. */
export function float(value: number): string {
  return `f32(${Math.fround(value)})`;
}

/** The component of a vector of four. */
export function component(index: number): string {
  return 'xyzw'.charAt(index);
}
