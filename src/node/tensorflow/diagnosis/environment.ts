import { defaultThreads } from '../../threads.ts';
import type { InstalledEngine } from '../installation/engine-folder.ts';

/**
 * The environment that a process needs BEFORE it loads an engine: TensorFlow reads these variables once, and a process cannot change its own library
 * path later.
 */
export function tensorflowEnvironment(
  { libraries }: Pick<InstalledEngine, 'libraries'>,
  options: { readonly threads?: number | undefined; readonly verbose?: boolean } = {},
): Record<string, string> {
  const threads = options.threads ?? defaultThreads();
  return {
    // One thread per operation and many operations in parallel: see docs/tensorflow.md for the measurements.
    TF_NUM_INTRAOP_THREADS: '1',
    TF_NUM_INTEROP_THREADS: String(threads),
    // Without it TensorFlow allocates all of the card's memory and leaves none for other programs.
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
    // Cards since 2020 would round the factors of every product to 11 bits: too coarse for results that must agree on all backends.
    NVIDIA_TF32_OVERRIDE: '0',
    // 0 includes why a card is not used; 2 logs errors only.
    TF_CPP_MIN_LOG_LEVEL: options.verbose === true ? '0' : '2',
    // A card newer than the library compiles its kernels at the first start, which takes minutes: keep them.
    CUDA_CACHE_MAXSIZE: '2147483647',
    ...libraryPath(libraries),
  };
}

function libraryPath(libraries: string): Record<string, string> {
  const [name, separator] =
    process.platform === 'win32'
      ? (['PATH', ';'] as const)
      : process.platform === 'darwin'
        ? (['DYLD_LIBRARY_PATH', ':'] as const)
        : (['LD_LIBRARY_PATH', ':'] as const);
  const before = process.env[name];
  return { [name]: before === undefined || before === '' ? libraries : `${libraries}${separator}${before}` };
}
