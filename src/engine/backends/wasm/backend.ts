import { plainTraining } from '../../training/network-options.ts';
import type { ModelSpec } from '../../../shared/domain/model-spec.ts';
import { CharloomError } from '../../../shared/errors.ts';
import type {
  BackendInfo,
  EmbeddedBackend,
  NetworkOptions,
  ReadingNetwork,
  SamplingNetwork,
  TrainingNetwork,
} from '../backend.ts';
import { ImmediateTraining } from '../immediate.ts';
import { compileKernels, instantiateKernels, type KernelExports, type KernelVariant } from './kernels.ts';
import { kernelConstants } from './fields/constants.ts';
import { requireFields } from './fields/fingerprint.ts';
import { planLayout } from './layout.ts';
import { WasmNetwork } from './network.ts';
import { WasmReadingNetwork } from './reading-network.ts';
import { MemoryAllocator } from './memory-allocator.ts';

/** A worker thread that runs the kernels' `work(thread)` until shutDown. The host creates it. */
export interface ThreadHandle {
  terminate(): void;
}
export type SpawnThread = (
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  thread: number,
) => Promise<ThreadHandle>;

export interface WasmBackendOptions {
  readonly variant: KernelVariant;
  /** Threads that take part in a step, the caller included. */
  readonly threads: number;
  /** True when the engine pairs 128-bit operations into 256-bit ones. */
  readonly wide: boolean;
  readonly spawn: SpawnThread;
}

const pageBytes = 65_536;
/** The first page holds the threads' control block (src/kernels/assembly/threads.ts); networks follow it. */
const controlBytes = pageBytes;
const threadCountWord = kernelConstants.THREADS / 4;

/** Sampling reads one symbol at a time and updates nothing. */
const samplingOptions: NetworkOptions = {
  batchSize: 1,
  sequenceLength: 1,
  ...plainTraining,
  dropoutSeed: 0,
};

class WasmBackend implements EmbeddedBackend {
  readonly info: BackendInfo;
  readonly #kernels: KernelExports;
  readonly #memory: WebAssembly.Memory;
  readonly #workers: readonly ThreadHandle[];
  readonly #options: WasmBackendOptions;
  readonly #allocator = new MemoryAllocator(controlBytes);

  constructor(
    kernels: KernelExports,
    memory: WebAssembly.Memory,
    workers: readonly ThreadHandle[],
    options: WasmBackendOptions,
  ) {
    this.#kernels = kernels;
    this.#memory = memory;
    this.#workers = workers;
    this.#options = options;
    this.info = {
      name: 'wasm',
      device: describe(options),
      threads: options.threads,
      variant: `wasm-${options.variant}`,
    };
  }

  infoFor(): Promise<BackendInfo> {
    return Promise.resolve(this.info);
  }

  async createNetwork(spec: ModelSpec, options: NetworkOptions): Promise<TrainingNetwork> {
    return new ImmediateTraining(this.#create(spec, options));
  }

  createSamplingNetwork(spec: ModelSpec): SamplingNetwork {
    return this.#create(spec, samplingOptions);
  }

  createReadingNetwork(spec: ModelSpec, rows: number, columns: number): ReadingNetwork {
    const options = { batchSize: rows, sequenceLength: columns, ...plainTraining, dropoutSeed: 0 };
    return new WasmReadingNetwork(this.#create(spec, options));
  }

  #create(spec: ModelSpec, options: NetworkOptions): WasmNetwork {
    const layout = planLayout(spec, options, this.#options.threads);
    const address = this.#allocator.allocate(layout.bytes);
    try {
      this.#reserve(address + layout.bytes);
    } catch (cause) {
      this.#allocator.release(address);
      const gigabytes = (layout.bytes / 2 ** 30).toFixed(1);
      throw new CharloomError(
        'bad-setting',
        `This model needs ${gigabytes} GB of memory, more than the embedded backend can use.`,
        {
          fix: 'Lower the batch size, the sequence length or the layer size.',
          cause,
        },
      );
    }
    return new WasmNetwork(spec, options, layout, address, {
      kernels: this.#kernels,
      memory: this.#memory,
      wide: this.#options.wide,
      release: (released) => this.#allocator.release(released),
    });
  }

  dispose(): void {
    this.#kernels.shutDown();
    for (const worker of this.#workers) worker.terminate();
  }

  #reserve(bytes: number): void {
    const missing = bytes - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / pageBytes));
  }
}

function describe({ threads, variant, wide }: WasmBackendOptions): string {
  const simd = variant === 'relaxed' ? 'relaxed SIMD' : 'SIMD';
  return `processor, ${threads} ${threads === 1 ? 'thread' : 'threads'}, ${simd}${wide ? ', 256 bits wide' : ''}`;
}

/** Compiles the kernels, starts the worker threads and resolves once all are ready. */
export async function createWasmBackend(options: WasmBackendOptions): Promise<EmbeddedBackend> {
  const module = await compileKernels(options.variant);
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65_536, shared: true });
  new Int32Array(memory.buffer)[threadCountWord] = options.threads;
  const kernels = await instantiateKernels(module, memory);
  kernels.initialise();
  requireFields(kernels);
  const workers = await Promise.all(
    Array.from({ length: options.threads - 1 }, (_, index) => options.spawn(module, memory, index + 1)),
  );
  return new WasmBackend(kernels, memory, workers, options);
}
