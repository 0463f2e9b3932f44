import type { Backend } from '../engine/backends/backend.ts';
import { CharloomError } from '../shared/errors.ts';

/** Loads what the parent chose. For TensorFlow this process was started with an environment made for it (src/node/tensorflow/diagnosis/environment.ts). */
export async function loadChosenBackend(engineFolder: string | null, threads: number): Promise<Backend> {
  const options = { threads: threads === 0 ? undefined : threads };
  if (engineFolder === null) {
    const { loadWasmBackend } = await import('../node/wasm/backend.ts');
    return loadWasmBackend(options);
  }
  const { readEngine } = await import('../node/tensorflow/installation/engine-folder.ts');
  const { loadTensorflowBackend } = await import('../node/tensorflow/backend.ts');
  const engine = await readEngine(engineFolder);
  if (engine === undefined) {
    throw new CharloomError('backend-unavailable', `The TensorFlow engine at ${engineFolder} is gone.`, {
      fix: 'Install it again under Settings, or use the embedded backend.',
    });
  }
  const { firstCard } = await import('../node/tensorflow/diagnosis/graphics.ts');
  return loadTensorflowBackend(engine, { ...options, card: await firstCard(engine.manifest.kind) });
}
