import {
  firstStorageBinding,
  stepBinding,
  waveBinding,
  type Kernel,
} from '../../src/engine/backends/webgpu/wgsl/kernel.ts';

/** WebGPU's flags, which Node has no globals for. */
const usage = { mapRead: 1, copySource: 4, copyTarget: 8, uniform: 64, storage: 128 };
const readMode = 1;
const inComputeShaders = 4;

/** Bytes of the wave's uniform: zeros, so that a kernel does the whole of its grid. */
const waveBytes = 64;

type Prepared = readonly [GPUComputePipeline, GPUBindGroup];

/** Kernels of the backend, run alone on buffers that a test fills and reads. */
export class KernelBench {
  readonly #device: GPUDevice;
  readonly #buffers: ReadonlyMap<string, GPUBuffer>;
  readonly #step: GPUBuffer;
  readonly #wave: GPUBuffer;
  readonly #prepared = new Map<string, Prepared>();

  constructor(device: GPUDevice, floats: Readonly<Record<string, number>>, stepBytes: number) {
    this.#device = device;
    this.#buffers = new Map(
      Object.entries(floats).map(([name, length]) => [
        name,
        this.#make(Math.max(4, length) * 4, usage.storage),
      ]),
    );
    this.#step = this.#make(stepBytes, usage.uniform);
    this.#wave = this.#make(waveBytes, usage.uniform);
  }

  #make(size: number, flags: number): GPUBuffer {
    return this.#device.createBuffer({ size, usage: flags | usage.copySource | usage.copyTarget });
  }

  #buffer(name: string): GPUBuffer {
    const buffer = this.#buffers.get(name);
    if (buffer === undefined) throw new Error(`no buffer ${name}`);
    return buffer;
  }

  write(name: string, words: Float32Array | Uint32Array | Int32Array): void {
    this.#device.queue.writeBuffer(this.#buffer(name), 0, words.slice());
  }

  setStep(bytes: ArrayBuffer): void {
    this.#device.queue.writeBuffer(this.#step, 0, bytes);
  }

  /** Runs kernels in their order; an error of the device rejects. */
  async run(
    dispatches: readonly { readonly kernel: Kernel; readonly grid: readonly [number, number, number] }[],
  ): Promise<void> {
    this.#device.pushErrorScope('validation');
    const encoder = this.#device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (const { kernel, grid } of dispatches) {
      const [pipeline, group] = this.#prepare(kernel);
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(...grid);
    }
    pass.end();
    this.#device.queue.submit([encoder.finish()]);
    const error = await this.#device.popErrorScope();
    if (error !== null) throw new Error(error.message);
  }

  /** SwiftShader compiles slowly, and tests run the same kernel often. */
  #prepare(kernel: Kernel): Prepared {
    const known = this.#prepared.get(kernel.code);
    if (known !== undefined) return known;
    const made = this.#compile(kernel);
    this.#prepared.set(kernel.code, made);
    return made;
  }

  #compile({ code, bindings }: Kernel): Prepared {
    const uniforms = [
      { binding: waveBinding, buffer: this.#wave },
      { binding: stepBinding, buffer: this.#step },
    ];
    const layout = this.#device.createBindGroupLayout({
      entries: [
        ...uniforms.map(({ binding }) => ({
          ...{ binding, visibility: inComputeShaders },
          buffer: { type: 'uniform' } as const,
        })),
        ...bindings.map(({ access }, index) => ({
          ...{ binding: firstStorageBinding + index, visibility: inComputeShaders },
          buffer: { type: access === 'read' ? ('read-only-storage' as const) : ('storage' as const) },
        })),
      ],
    });
    const pipeline = this.#device.createComputePipeline({
      layout: this.#device.createPipelineLayout({ bindGroupLayouts: [layout] }),
      compute: { module: this.#device.createShaderModule({ code }) },
    });
    const group = this.#device.createBindGroup({
      layout,
      entries: [
        ...uniforms.map(({ binding, buffer }) => ({ binding, resource: { buffer } })),
        ...bindings.map(({ buffer }, index) => ({
          binding: firstStorageBinding + index,
          resource: { buffer: this.#buffer(buffer) },
        })),
      ],
    });
    return [pipeline, group];
  }

  /** What a buffer holds, as floats. */
  async read(name: string): Promise<Float32Array> {
    const buffer = this.#buffer(name);
    const staging = this.#device.createBuffer({ size: buffer.size, usage: usage.mapRead | usage.copyTarget });
    const encoder = this.#device.createCommandEncoder();
    encoder.copyBufferToBuffer(buffer, 0, staging, 0, buffer.size);
    this.#device.queue.submit([encoder.finish()]);
    await staging.mapAsync(readMode);
    const floats = new Float32Array(staging.getMappedRange().slice(0));
    staging.destroy();
    return floats;
  }
}
