import { firstStorageBinding, stepBinding, waveBinding, type Kernel } from '../wgsl/kernel.ts';
import { computeStage } from './flags.ts';

/** A kernel that a device has compiled. */
export interface Pipeline {
  readonly layout: GPUBindGroupLayout;
  readonly pipeline: GPUComputePipeline;
}

/** The kernels of one device, each compiled once however many networks use it. */
export class Pipelines {
  readonly #device: GPUDevice;
  readonly #byCode = new Map<string, Promise<Pipeline>>();

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** Rejects when the device cannot compile it. */
  get(kernel: Kernel): Promise<Pipeline> {
    const known = this.#byCode.get(kernel.code);
    if (known !== undefined) return known;
    const compiled = this.#compile(kernel);
    this.#byCode.set(kernel.code, compiled);
    // A failure may be the lack of something that is there later.
    compiled.catch(() => this.#byCode.delete(kernel.code));
    return compiled;
  }

  async #compile({ name, code, bindings }: Kernel): Promise<Pipeline> {
    const layout = this.#device.createBindGroupLayout({
      entries: [
        {
          binding: waveBinding,
          visibility: computeStage,
          buffer: { type: 'uniform', hasDynamicOffset: true },
        },
        { binding: stepBinding, visibility: computeStage, buffer: { type: 'uniform' } },
        ...bindings.map(({ access }, index): GPUBindGroupLayoutEntry => ({
          binding: firstStorageBinding + index,
          visibility: computeStage,
          buffer: { type: access === 'read' ? 'read-only-storage' : 'storage' },
        })),
      ],
    });
    const pipeline = await this.#device.createComputePipelineAsync({
      label: name,
      layout: this.#device.createPipelineLayout({ bindGroupLayouts: [layout] }),
      compute: { module: this.#device.createShaderModule({ label: name, code }), entryPoint: 'main' },
    });
    return { layout, pipeline };
  }
}
