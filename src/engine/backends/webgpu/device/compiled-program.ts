import type { BufferName } from '../buffer-names.ts';
import type { Dispatch } from '../dispatch.ts';
import {
  firstStorageBinding,
  stepBinding,
  waveBinding,
  waveBytes,
  writeWave,
  type Kernel,
} from '../wgsl/kernel.ts';
import { bufferUsage } from './flags.ts';
import type { NetworkBuffers, StepKind } from './network-buffers.ts';
import type { Pipeline, Pipelines } from './pipelines.ts';

/** Offsets of a uniform are multiples of this on every device. */
const waveStride = 256;

interface Command {
  readonly pipeline: GPUComputePipeline;
  readonly group: GPUBindGroup;
  /** Its wave's place in the uniform; an array, because WebGPU requires one. */
  readonly offsets: readonly [number];
  readonly dispatch: Dispatch;
}

/** Which buffers a program reads in place of others, and which uniform it has. */
export interface Setting {
  readonly step: StepKind;
  readonly instead?: Partial<Readonly<Record<BufferName, BufferName>>>;
}

/** Dispatches that can be run over and over: compiled, with their buffers bound. */
export class CompiledProgram {
  readonly #device: GPUDevice;
  readonly #commands: readonly Command[];
  readonly #waves: GPUBuffer;
  /** Work that is submitted at a time. */
  readonly #submitWork: number;
  readonly bytes: number;

  private constructor(device: GPUDevice, commands: readonly Command[], waves: GPUBuffer, submitWork: number) {
    this.#device = device;
    this.#commands = commands;
    this.#waves = waves;
    this.#submitWork = submitWork;
    this.bytes = waves.size;
  }

  static async create(
    { device, pipelines, buffers }: { device: GPUDevice; pipelines: Pipelines; buffers: NetworkBuffers },
    dispatches: readonly Dispatch[],
    setting: Setting,
    submitWork: number,
  ): Promise<CompiledProgram> {
    const kernels = [...new Map(dispatches.map(({ kernel }) => [kernel.code, kernel])).values()];
    const compiled = new Map(
      await Promise.all(
        kernels.map(async (kernel): Promise<[string, Pipeline]> => [
          kernel.code,
          await pipelines.get(kernel),
        ]),
      ),
    );
    const { waves, offsets } = uploadWaves(device, dispatches);
    const groups = new Map(
      kernels.map((kernel): [string, GPUBindGroup] => [
        kernel.code,
        bind(device, { kernel, layout: layoutOf(compiled, kernel), buffers, waves, setting }),
      ]),
    );
    const commands = dispatches.map((dispatch, index): Command => {
      const pipeline = compiled.get(dispatch.kernel.code)?.pipeline;
      const group = groups.get(dispatch.kernel.code);
      if (pipeline === undefined || group === undefined) throw new Error('every kernel has been compiled');
      return { pipeline, group, offsets: [offsets[index] ?? 0], dispatch };
    });
    return new CompiledProgram(device, commands, waves, submitWork);
  }

  /** Submits everything to the card, in pieces that each take a short time; `finish` adds to the last one. */
  run(finish: (encoder: GPUCommandEncoder) => void): void {
    let work = 0;
    let encoder = this.#device.createCommandEncoder();
    let pass = encoder.beginComputePass();
    let current: GPUComputePipeline | undefined;
    for (const { pipeline, group, offsets, dispatch } of this.#commands) {
      if (work > 0 && work + dispatch.work > this.#submitWork) {
        pass.end();
        this.#device.queue.submit([encoder.finish()]);
        encoder = this.#device.createCommandEncoder();
        pass = encoder.beginComputePass();
        current = undefined;
        work = 0;
      }
      if (current !== pipeline) pass.setPipeline(pipeline);
      current = pipeline;
      pass.setBindGroup(0, group, offsets);
      pass.dispatchWorkgroups(...dispatch.grid);
      work += dispatch.work;
    }
    pass.end();
    finish(encoder);
    this.#device.queue.submit([encoder.finish()]);
  }

  dispose(): void {
    this.#waves.destroy();
  }
}

function layoutOf(compiled: ReadonlyMap<string, Pipeline>, { code }: Kernel): GPUBindGroupLayout {
  const layout = compiled.get(code)?.layout;
  if (layout === undefined) throw new Error('every kernel has been compiled');
  return layout;
}

/** Each different wave once. */
function uploadWaves(
  device: GPUDevice,
  dispatches: readonly Dispatch[],
): { waves: GPUBuffer; offsets: readonly number[] } {
  const places = new Map<string, number>();
  const records: Dispatch[] = [];
  const offsets = dispatches.map((dispatch) => {
    const key = JSON.stringify([dispatch.wave, dispatch.base]);
    const known = places.get(key);
    if (known !== undefined) return known;
    const offset = records.length * waveStride;
    places.set(key, offset);
    records.push(dispatch);
    return offset;
  });
  const content = new ArrayBuffer(Math.max(1, records.length) * waveStride);
  records.forEach(({ wave, base }, index) =>
    writeWave(new DataView(content, index * waveStride), wave, base),
  );
  const usage = bufferUsage.uniform | bufferUsage.copyTarget;
  const waves = device.createBuffer({ label: 'waves', size: content.byteLength, usage });
  device.queue.writeBuffer(waves, 0, content);
  return { waves, offsets };
}

interface Bound {
  readonly kernel: Kernel;
  readonly layout: GPUBindGroupLayout;
  readonly buffers: NetworkBuffers;
  readonly waves: GPUBuffer;
  readonly setting: Setting;
}

function bind(device: GPUDevice, { kernel, layout, buffers, waves, setting }: Bound): GPUBindGroup {
  return device.createBindGroup({
    label: kernel.name,
    layout,
    entries: [
      { binding: waveBinding, resource: { buffer: waves, size: waveBytes } },
      { binding: stepBinding, resource: { buffer: buffers.step(setting.step) } },
      ...kernel.bindings.map(({ buffer }, index) => ({
        binding: firstStorageBinding + index,
        resource: { buffer: buffers.get(setting.instead?.[buffer] ?? buffer) },
      })),
    ],
  });
}
