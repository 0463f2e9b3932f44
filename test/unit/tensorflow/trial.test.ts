import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isLibraryChatter } from '../../../src/cli/compute-process.ts';
import { decide, type TriedBackend } from '../../../src/node/trial/decide.ts';
import { othersShare, processorTimes, wasCalm } from '../../../src/node/trial/load.ts';
import { TrialCache, trialKey, type RememberedTrial } from '../../../src/node/trial/trial-cache.ts';
import { trialShapeOf } from '../../../src/node/trial/trial.ts';
import type { BackendReference } from '../../../src/shared/domain/backends.ts';
import { defaultRunSettings, type RunSettings } from '../../../src/shared/domain/run-settings.ts';

const embedded: BackendReference = { kind: 'wasm' };
const tensorflow: BackendReference = {
  ...{ kind: 'tensorflow', folder: '/engines/one', version: '2.18.1', device: 'gpu' },
};
const card: BackendReference = {
  ...{ kind: 'webgpu', host: 'dawn', folder: '/engines/two', version: '0.6.2' },
  ...{ card: 'NVIDIA H200', driver: '580.82' },
};
const settings = defaultRunSettings;
const shape = trialShapeOf(settings, 65);

function measured(backend: BackendReference, millisecondsPerStep: number, isCalm = true): TriedBackend {
  const measurement = {
    ...{ device: 'some', millisecondsPerStep, millisecondsPerEvaluation: 1 },
    ...{ memoryBytes: 1, processorMilliseconds: 1 },
  };
  return { kind: 'measured', backend, measurement, isCalm };
}

function remembered(othersShare: number, at: number): RememberedTrial {
  const tried = measured(embedded, 5);
  if (tried.kind === 'failed') throw new Error('it was measured');
  return { measurement: tried.measurement, othersShare, at };
}

describe('choosing a backend', () => {
  it('takes the fastest one and says by how much', () => {
    expect(decide([measured(embedded, 100), measured(tensorflow, 20)]).chosen?.backend).toBe(tensorflow);
    const choice = decide([measured(embedded, 8.25), measured(tensorflow, 20), measured(card, 1.06)]);
    expect(choice.chosen?.backend).toBe(card);
    expect(choice.reason).toBe(
      'a step takes 1.1 ms on NVIDIA H200 (WebGPU), 20 ms on TensorFlow, and 8.3 ms on the embedded backend',
    );
  });

  it('stays with the embedded backend on a tie', () => {
    expect(decide([measured(embedded, 100), measured(card, 97)]).chosen?.backend).toBe(embedded);
  });

  it('leaves out one that fails, and says so', () => {
    const failed: TriedBackend = { kind: 'failed', backend: tensorflow, error: new Error('It broke.') };
    const choice = decide([measured(embedded, 100), failed, measured(card, 10)]);
    expect(choice.chosen?.backend).toBe(card);
    expect(choice.reason).toMatch(/embedded backend; TensorFlow could not be tested: It broke$/);
    expect(decide([failed])).toEqual({ chosen: null, reason: 'TensorFlow could not be tested: It broke' });
    // Where the embedded one itself fails, another may still train.
    expect(decide([{ ...failed, backend: embedded }, measured(card, 10)]).chosen?.backend).toBe(card);
  });

  it('says where other programs were busy', () => {
    const { reason } = decide([measured(embedded, 100), measured(card, 10, false)]);
    expect(reason).toMatch(/; other programs were busy during the test, so it will be repeated$/);
  });
});

describe('the remembered result of a trial', () => {
  it('is specific to model, optimiser, backend, driver and threads', () => {
    const key = trialKey(shape, card, null);
    expect(trialKey(shape, card, null)).toBe(key);
    expect(trialKey({ ...shape, batchSize: 51 }, card, null)).not.toBe(key);
    expect(trialKey({ ...shape, threads: 2 }, card, null)).not.toBe(key);
    expect(trialKey({ ...shape, optimizer: 'adam' }, card, null)).not.toBe(key);
    expect(trialKey(shape, { ...card, driver: '581.1' }, null)).not.toBe(key);
    expect(trialKey(shape, { ...card, card: 'NVIDIA L4' }, null)).not.toBe(key);
    expect(trialKey(shape, tensorflow, '580')).not.toBe(trialKey(shape, tensorflow, '581'));
    const keyWith = (changed: Partial<RunSettings>): string =>
      trialKey(trialShapeOf({ ...settings, ...changed }, 65), card, null);
    const plain = { clipBy: 'element', weightDecay: 0, weightDrop: 0, averageDecay: 0 } as const;
    const every = { clipBy: 'norm', weightDecay: 0.1, weightDrop: 0.3, averageDecay: 0.999 } as const;
    for (const name of Object.keys(every) as (keyof typeof every)[]) {
      expect(keyWith({ ...plain, [name]: every[name] })).not.toBe(keyWith(plain));
    }
    // These change what is learnt, not how long a step takes.
    expect(keyWith({ ...every, weightDrop: 0.2, learningRate: 0.01, seed: 9 })).toBe(keyWith(every));
  });

  it('is valid for a month, and for minutes where other programs were busy', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'charloom-trials-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const cache = new TrialCache(join(folder, 'engines'));
    const now = 1e12;
    const minutes = (count: number): number => now + count * 60_000;
    expect(await cache.get('a', now)).toBeUndefined();
    await cache.set('a', remembered(0.1, now));
    await cache.set('b', remembered(0.6, now));
    expect(await cache.get('a', minutes(1000))).toEqual(remembered(0.1, now));
    expect(await cache.get('a', minutes(31 * 24 * 60))).toBeUndefined();
    expect(await cache.get('b', minutes(5))).toEqual(remembered(0.6, now));
    expect(await cache.get('b', minutes(11))).toBeUndefined();
  });

  it('is ignored when its file is damaged', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'charloom-trials-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await writeFile(join(folder, 'trials.json'), '{"a": ');
    const cache = new TrialCache(folder);
    expect(await cache.get('a')).toBeUndefined();
    const trial = remembered(0, Date.now());
    await cache.set('a', trial);
    expect(await cache.get('a')).toEqual(trial);
  });
});

describe('the load of other programs', () => {
  it('is what the processor did besides the measurement', () => {
    const before = { busy: 10_000, total: 100_000 };
    // Four seconds on two cores: six busy in total, of which the measurement had five.
    expect(othersShare(before, { busy: 16_000, total: 108_000 }, 5000)).toBeCloseTo(1 / 8);
    expect(othersShare(before, { busy: 16_000, total: 108_000 }, 9000)).toBe(0);
    expect(othersShare(before, before, 0)).toBe(0);
    expect([wasCalm(0.1), wasCalm(0.6)]).toEqual([true, false]);
  });

  it('is reported by this system', () => {
    const { busy, total } = processorTimes();
    expect(busy).toBeGreaterThan(0);
    expect(total).toBeGreaterThan(busy);
  });
});

describe("TensorFlow's own log lines", () => {
  it.each([
    '2026-11-24 08:29:21.999207: I tensorflow/core/util/port.cc:153] oneDNN custom operations are on.',
    'E0000 00:00:1795508962.022850    3256 cuda_dnn.cc:8310] Unable to register cuDNN factory',
    'WARNING: All log messages before absl::InitializeLog() is called are written to STDERR',
  ])('are left out: %s', (line) => expect(isLibraryChatter(line)).toBe(true));

  it.each(['charloom: The text is too short.', '2026-11-24 was a Tuesday', 'I0000 is a name'])(
    'are distinguished from Charloom’s messages: %s',
    (line) => expect(isLibraryChatter(line)).toBe(false),
  );
});
