import { CharloomError } from '../../../../shared/errors.ts';
import { firstStorageBinding, stepBinding, waveBinding, type Kernel } from '../wgsl/kernel.ts';
import { firstSentence } from './device-health.ts';
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
    // A failure may be temporary, so it is not kept.
    compiled.catch(() => this.#byCode.delete(kernel.code));
    return compiled;
  }

  async #compile(kernel: Kernel): Promise<Pipeline> {
    const { name, code } = kernel;
    this.#device.pushErrorScope('validation');
    const layout = this.#layout(kernel);
    const pipeline = this.#device.createComputePipelineAsync({
      label: name,
      layout: this.#device.createPipelineLayout({ bindGroupLayouts: [layout] }),
      compute: { module: this.#device.createShaderModule({ label: name, code }), entryPoint: 'main' },
    });
    // The driver's message about the code is more useful than the missing pipeline.
    const [error, made] = await Promise.allSettled([this.#device.popErrorScope(), pipeline]);
    if (error.status === 'fulfilled' && error.value !== null) throw refused(name, error.value.message);
    if (made.status === 'rejected') throw refused(name, String(made.reason));
    return { layout, pipeline: made.value };
  }

  #layout({ bindings }: Kernel): GPUBindGroupLayout {
    return this.#device.createBindGroupLayout({
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
  }
}

function refused(kernel: string, message: string): CharloomError {
  return new CharloomError(
    'backend-unavailable',
    `The graphics driver cannot compile the kernel ${kernel}: ${firstSentence(message)}.`,
    { fix: 'Update the graphics driver, or train on the processor.' },
  );
}
