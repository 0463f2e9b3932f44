import { plainKernels, relaxedKernels } from './generated/kernels.ts';

/** What the compiled kernels export (src/kernels/assembly/index.ts). */
export interface KernelExports {
  initialise(): void;
  /** Fingerprint of the fields that the module was built for (fields/fingerprint.ts). */
  fieldsFingerprint(): number;
  train(network: number): void;
  evaluate(network: number): void;
  sample(network: number, symbol: number): void;
  shutDown(): void;
}

export type KernelVariant = 'relaxed' | 'plain';

function moduleBytes(variant: KernelVariant): Uint8Array<ArrayBuffer> {
  const text = variant === 'relaxed' ? relaxedKernels : plainKernels;
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** Whether this engine has relaxed SIMD: the module that uses it validates exactly when it does. */
export function hasRelaxedSimd(): boolean {
  return WebAssembly.validate(moduleBytes('relaxed'));
}

/** Compiles one variant of the kernels. */
export function compileKernels(variant: KernelVariant): Promise<WebAssembly.Module> {
  return WebAssembly.compile(moduleBytes(variant));
}

/** Instantiates the kernels for the calling thread on a memory; `abort` is AssemblyScript's own and never reached. */
export async function instantiateKernels(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): Promise<KernelExports> {
  const abort = (): never => {
    throw new Error('the kernels aborted');
  };
  const instance = await WebAssembly.instantiate(module, { env: { memory, abort } });
  return instance.exports as unknown as KernelExports;
}
