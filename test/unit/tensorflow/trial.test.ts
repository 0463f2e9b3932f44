import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isLibraryChatter } from '../../../src/cli/compute-process.ts';
import { decide } from '../../../src/node/trial/decide.ts';
import { TrialCache, trialKey } from '../../../src/node/trial/trial-cache.ts';
import { trialShapeOf } from '../../../src/node/trial/trial.ts';
import type { BackendReference } from '../../../src/shared/domain/backends.ts';
import { defaultRunSettings, type RunSettings } from '../../../src/shared/domain/run-settings.ts';

const backends: readonly BackendReference[] = [
  { kind: 'wasm' },
  { kind: 'tensorflow', folder: '/engines/one', version: '2.18.1', device: 'gpu' },
];
const settings = defaultRunSettings;
const shape = trialShapeOf(settings, 65);

describe('choosing a backend', () => {
  it('takes the faster one and says by how much', () => {
    expect(decide({ wasm: 100, tensorflow: 20 }).backend).toBe('tensorflow');
    const choice = decide({ wasm: 8.25, tensorflow: 20 });
    expect(choice.backend).toBe('wasm');
    expect(choice.reason).toBe('a step takes 20 ms on TensorFlow and 8.3 ms on the embedded backend');
  });

  it('stays with the embedded backend on a tie', () => {
    expect(decide({ wasm: 100, tensorflow: 97 }).backend).toBe('wasm');
  });

  it('remembers by model, optimiser, backend and threads', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'charloom-trials-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const cache = new TrialCache(join(folder, 'engines'));
    const key = trialKey(shape, backends);
    expect(await cache.get(key)).toBeUndefined();
    await cache.set(key, { wasm: 1, tensorflow: 2 });
    expect(await cache.get(key)).toEqual({ wasm: 1, tensorflow: 2 });
    expect(trialKey({ ...shape, batchSize: 51 }, backends)).not.toBe(key);
    expect(trialKey({ ...shape, threads: 2 }, backends)).not.toBe(key);
    expect(trialKey({ ...shape, optimizer: 'adam' }, backends)).not.toBe(key);
    const keyWith = (changed: Partial<RunSettings>): string =>
      trialKey(trialShapeOf({ ...settings, ...changed }, 65), backends);
    const plain = { clipBy: 'element', weightDecay: 0, weightDrop: 0, averageDecay: 0 } as const;
    const every = { clipBy: 'norm', weightDecay: 0.1, weightDrop: 0.3, averageDecay: 0.999 } as const;
    for (const name of Object.keys(every) as (keyof typeof every)[]) {
      expect(keyWith({ ...plain, [name]: every[name] })).not.toBe(keyWith(plain));
    }
    // These change what is learnt, not how long a step takes.
    expect(keyWith({ ...every, weightDrop: 0.2, learningRate: 0.01, seed: 9 })).toBe(keyWith(every));
    const others: readonly BackendReference[] = [
      { kind: 'wasm' },
      { kind: 'tensorflow', folder: '/engines/one', version: '2.18.1', device: 'cpu' },
    ];
    expect(trialKey(shape, others)).not.toBe(key);
  });

  it('forgets rather than fails when its file is damaged', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'charloom-trials-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await writeFile(join(folder, 'trials.json'), '{"a": ');
    const cache = new TrialCache(folder);
    expect(await cache.get('a')).toBeUndefined();
    await cache.set('a', { wasm: 1, tensorflow: 2 });
    expect(await cache.get('a')).toEqual({ wasm: 1, tensorflow: 2 });
  });
});

describe("TensorFlow's own log lines", () => {
  it.each([
    '2026-11-24 08:29:21.999207: I tensorflow/core/util/port.cc:153] oneDNN custom operations are on.',
    'E0000 00:00:1795508962.022850    3256 cuda_dnn.cc:8310] Unable to register cuDNN factory',
    'WARNING: All log messages before absl::InitializeLog() is called are written to STDERR',
  ])('are left out: %s', (line) => expect(isLibraryChatter(line)).toBe(true));

  it.each(['charloom: The text is too short.', '2026-11-24 was a Tuesday', 'I0000 is a name'])(
    'are told from what Charloom says: %s',
    (line) => expect(isLibraryChatter(line)).toBe(false),
  );
});
