import type { Backend } from '../../engine/backends/backend.ts';
import {
  backendWords,
  embeddedBackend,
  type BackendKind,
  type BackendReference,
  type ReferenceOf,
} from '../../shared/domain/backends.ts';
import { CharloomError } from '../../shared/errors.ts';
import { errorOf } from '../../shared/ipc/failures.ts';
import type { GraphicsSource } from './graphics-source.ts';
import type { BackendProvider, OpenOptions } from './provider.ts';
import { tensorflowProvider } from './tensorflow-provider.ts';
import { webgpuProvider } from './webgpu-provider.ts';

/** Every backend of Charloom; their texts are in src/shared/domain/backends.ts. */
const providers: { readonly [Kind in BackendKind]: BackendProvider<ReferenceOf<Kind>> } = {
  wasm: {
    find: () => Promise.resolve([embeddedBackend]),
    needsOwnProcess: () => false,
    environment: () => ({}),
    open: async (_, { threads, revectorize }) => {
      const { loadWasmBackend } = await import('../wasm/backend.ts');
      return loadWasmBackend({ threads: threads === 0 ? undefined : threads, revectorize });
    },
  },
  webgpu: webgpuProvider,
  tensorflow: tensorflowProvider,
};

function providerOf({ kind }: BackendReference): BackendProvider {
  return providers[kind];
}

/** The backends of one kind on this machine, best first. */
export function findBackends(
  kind: BackendKind,
  graphics: GraphicsSource,
): Promise<readonly BackendReference[]> {
  return providers[kind].find(graphics);
}

/**
 * The best backend of a kind.
 * @throws CharloomError('backend-unavailable'), with `fix`, if this machine has none
 */
export async function requireBackend(
  kind: BackendKind,
  graphics: GraphicsSource,
  fix: string,
): Promise<BackendReference> {
  const [backend] = await findBackends(kind, graphics);
  if (backend !== undefined) return backend;
  const problem = kind === 'webgpu' ? (await graphics.find()).problem : null;
  if (problem !== null) throw errorOf(problem);
  throw new CharloomError('backend-unavailable', backendWords[kind].absent, { fix });
}

/** Whether a backend may only be opened in a process that was started for it. */
export function needsOwnProcess(backend: BackendReference): boolean {
  return providerOf(backend).needsOwnProcess(backend);
}

/** The environment that a process needs to open a backend with this number of threads (0: the backend's own default). */
export function environmentFor(backend: BackendReference, threads: number): Readonly<Record<string, string>> {
  return providerOf(backend).environment(backend, threads);
}

/**
 * Opens a backend in this process, which was started with the environment for it; the caller disposes the backend.
 * @throws CharloomError('backend-unavailable')
 */
export function openBackend(backend: BackendReference, options: OpenOptions): Promise<Backend> {
  return providerOf(backend).open(backend, options);
}
