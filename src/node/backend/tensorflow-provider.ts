import type { ReferenceOf } from '../../shared/domain/backends.ts';
import { CharloomError } from '../../shared/errors.ts';
import {
  engineLayout,
  listEngines,
  readEngine,
  type InstalledEngine,
} from '../tensorflow/installation/engine-folder.ts';
import { tensorflowEnvironment } from '../tensorflow/diagnosis/environment.ts';
import type { BackendProvider } from './provider.ts';

/** TensorFlow, from the installed engines. Nothing is loaded before `open`. */
export const tensorflowProvider: BackendProvider<ReferenceOf<'tensorflow'>> = {
  find: async () => (await listEngines()).map(tensorflowReference),
  needsOwnProcess: () => true,
  environment: ({ folder }, threads) =>
    tensorflowEnvironment(engineLayout(folder), { threads: given(threads) }),
  open: async ({ folder }, { threads }) => {
    const engine = await readEngine(folder);
    if (engine === undefined) {
      throw new CharloomError('backend-unavailable', `The TensorFlow engine at ${folder} no longer exists.`, {
        fix: 'Reinstall it on the Settings page, or use the embedded backend.',
      });
    }
    const { loadTensorflowBackend } = await import('../tensorflow/backend.ts');
    const { firstCard } = await import('../tensorflow/diagnosis/graphics.ts');
    const card = await firstCard(engine.manifest.kind);
    return loadTensorflowBackend(engine, { threads: given(threads), card });
  },
};

/** An installed engine as a backend. */
export function tensorflowReference({ folder, manifest }: InstalledEngine): ReferenceOf<'tensorflow'> {
  return { kind: 'tensorflow', folder, version: manifest.version, device: manifest.kind };
}

function given(threads: number): number | undefined {
  return threads === 0 ? undefined : threads;
}
