import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  environmentFor,
  findBackends,
  openBackend,
  requireBackend,
} from '../../../../src/node/backend/providers.ts';
import { noGraphics } from '../../../../src/node/backend/graphics-source.ts';
import { jobSchema } from '../../../../src/shared/compute/messages.ts';
import { backendKinds, type BackendReference } from '../../../../src/shared/domain/backends.ts';
import { temporaryFolder } from '../../../support/texts.ts';

/** An engine that is listed, and does not load. */
function homeWithEngine(): { readonly home: string; readonly folder: string } {
  const home = temporaryFolder('providers');
  const folder = join(home, 'engines', 'tensorflow-2.18.1-cpu');
  mkdirSync(join(folder, 'lib', 'napi-v8'), { recursive: true });
  writeFileSync(join(folder, 'lib', 'napi-v8', 'tfjs_binding.node'), 'no library');
  const manifest = {
    ...{ formatVersion: 1, name: 'tensorflow', kind: 'cpu', version: '2.18.1', way: 'folder' },
    ...{ platform: process.platform, arch: process.arch, packageVersion: '4.22.0', bytes: 1 },
  };
  writeFileSync(join(folder, 'engine.json'), JSON.stringify(manifest));
  return { home, folder };
}

afterEach(() => vi.unstubAllEnvs());

describe('the registry of backends', () => {
  test('has the embedded one on every machine, in any process', async () => {
    vi.stubEnv('CHARLOOM_HOME', temporaryFolder('none'));
    const found = await Promise.all(backendKinds.map((kind) => findBackends(kind, noGraphics)));
    expect(found.flat()).toEqual([{ kind: 'wasm' }]);
    expect(environmentFor({ kind: 'wasm' }, 2)).toEqual({});
    const backend = await openBackend({ kind: 'wasm' }, { threads: 2 });
    expect(backend.info).toMatchObject({ name: 'wasm', threads: 2 });
    backend.dispose();
    await expect(requireBackend('tensorflow', noGraphics, 'Do without.')).rejects.toMatchObject({
      code: 'backend-unavailable',
      message: 'The TensorFlow engine is not installed.',
      fix: 'Do without.',
    });
  });

  test('describes an installed engine by folder, version and device, as a job passes it to another process', async () => {
    const { home, folder } = homeWithEngine();
    vi.stubEnv('CHARLOOM_HOME', home);
    const [backend] = await findBackends('tensorflow', noGraphics);
    expect(backend).toEqual({ kind: 'tensorflow', folder, version: '2.18.1', device: 'cpu' });
    const job = { kind: 'verify', backend, threads: 3 };
    expect(jobSchema.parse(JSON.parse(JSON.stringify(job)))).toEqual(job);
    if (backend === undefined) return;
    const environment = environmentFor(backend, 3);
    expect(environment).toMatchObject({ TF_NUM_INTEROP_THREADS: '3' });
    expect(Object.values(environment).some((value) => value.startsWith(join(folder, 'deps', 'lib')))).toBe(
      true,
    );
  });

  test('reports an engine that is missing when it is opened', async () => {
    const gone: BackendReference = {
      kind: 'tensorflow',
      folder: '/nowhere',
      version: '2.18.1',
      device: 'cpu',
    };
    await expect(openBackend(gone, { threads: 0 })).rejects.toMatchObject({
      code: 'backend-unavailable',
      message: 'The TensorFlow engine at /nowhere no longer exists.',
    });
  });
});
