import type { BufferName } from '../buffer-names.ts';
import { bufferFloats } from '../buffers.ts';
import type { Design } from '../design.ts';
import { stepBytes } from '../wgsl/step.ts';
import { bufferUsage, mapModeRead } from './flags.ts';

/** The uniforms that the kernels read: one of training, one of evaluation. */
export const stepKinds = ['training', 'evaluation'] as const;
export type StepKind = (typeof stepKinds)[number];

/** The memory of one network on the card. All of it is zero at first. */
export class NetworkBuffers {
  readonly #device: GPUDevice;
  readonly #buffers: ReadonlyMap<BufferName, GPUBuffer>;
  readonly #steps: Readonly<Record<StepKind, GPUBuffer>>;
  readonly bytes: number;

  constructor(device: GPUDevice, design: Design) {
    this.#device = device;
    const usage = bufferUsage.storage | bufferUsage.copySource | bufferUsage.copyTarget;
    const sizes = [...bufferFloats(design)];
    this.#buffers = new Map(
      sizes.map(([name, floats]) => [name, device.createBuffer({ label: name, size: floats * 4, usage })]),
    );
    const step = (label: StepKind): GPUBuffer =>
      device.createBuffer({ label, size: stepBytes, usage: bufferUsage.uniform | bufferUsage.copyTarget });
    this.#steps = { training: step('training'), evaluation: step('evaluation') };
    this.bytes = sizes.reduce((total, [, floats]) => total + floats * 4, 2 * stepBytes);
  }

  has(name: BufferName): boolean {
    return this.#buffers.has(name);
  }

  get(name: BufferName): GPUBuffer {
    const buffer = this.#buffers.get(name);
    if (buffer === undefined) throw new Error(`this network has no buffer ${name}`);
    return buffer;
  }

  step(kind: StepKind): GPUBuffer {
    return this.#steps[kind];
  }

  /** Copies `floats` floats of a buffer from `first` on. */
  async read(source: GPUBuffer, floats: number, first = 0): Promise<Float32Array> {
    const staging = this.#device.createBuffer({
      size: floats * 4,
      usage: bufferUsage.mapRead | bufferUsage.copyTarget,
    });
    try {
      const encoder = this.#device.createCommandEncoder();
      encoder.copyBufferToBuffer(source, first * 4, staging, 0, floats * 4);
      this.#device.queue.submit([encoder.finish()]);
      await staging.mapAsync(mapModeRead);
      return new Float32Array(staging.getMappedRange().slice(0));
    } finally {
      staging.destroy();
    }
  }

  dispose(): void {
    for (const buffer of [...this.#buffers.values(), ...Object.values(this.#steps)]) buffer.destroy();
  }
}
