import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend } from '../../../src/engine/backends/backend.ts';
import type { TrainingCommand } from '../../../src/engine/training/training-hooks.ts';
import { evaluateSplit } from '../../../src/engine/training/evaluate.ts';
import { train } from '../../../src/engine/training/loop.ts';
import { loadWasmBackend } from '../../../src/node/wasm/backend.ts';
import type { RunSettings } from '../../../src/shared/domain/run-settings.ts';
import { Recorder } from '../../support/loop-recorder.ts';
import { tinyJob, tinyNetwork, tinySettings } from '../../support/tiny-run.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await loadWasmBackend({ threads: 1 });
});
afterAll(() => backend.dispose());

async function run(settings: RunSettings = tinySettings, commands: Record<number, TrainingCommand> = {}) {
  const network = await tinyNetwork(backend, settings);
  try {
    const recorder = new Recorder(network, commands);
    const outcome = await train(tinyJob(network, settings), recorder);
    return { recorder, outcome };
  } finally {
    network.dispose();
  }
}

describe('the training loop', () => {
  test('evaluates and keeps on schedule and at the end, and learns', async () => {
    const { recorder, outcome } = await run({ ...tinySettings, maxIterations: 35 });
    expect(outcome).toMatchObject({ end: 'finished', progress: { iteration: 35, recoveries: 0 } });
    expect(recorder.kept.map(({ progress, reason }) => [progress.iteration, reason])).toEqual([
      [10, 'scheduled'],
      [20, 'scheduled'],
      [30, 'scheduled'],
      [35, 'end'],
    ]);
    const first = recorder.losses[0] ?? Number.NaN;
    expect(first).toBeCloseTo(Math.log(6), 1);
    expect(recorder.kept.at(-1)?.validationLoss).toBeLessThan(first);
  });

  test('continues from a checkpoint to the same losses, bit for bit', async () => {
    const whole = await run();
    const middle = whole.recorder.kept[1];
    if (middle === undefined) throw new Error('no checkpoint at 20');
    const network = await tinyNetwork(backend);
    await network.importTensors(middle.tensors);
    const recorder = new Recorder(network);
    await train({ ...tinyJob(network), start: middle.progress }, recorder);
    network.dispose();
    expect(recorder.losses).toEqual(whole.recorder.losses.slice(20));
    expect(recorder.kept.at(-1)?.tensors).toEqual(whole.recorder.kept.at(-1)?.tensors);
  });

  test('is not disturbed by evaluations and extra checkpoints', async () => {
    const calm = await run({ ...tinySettings, evaluateEvery: 1000 });
    const busy = await run({ ...tinySettings, evaluateEvery: 1 }, { 3: 'checkpoint', 17: 'checkpoint' });
    expect(busy.recorder.losses).toEqual(calm.recorder.losses);
  });

  test('stops on request after a checkpoint, and suspends without one', async () => {
    const stopped = await run(tinySettings, { 13: 'stop' });
    expect(stopped.outcome).toMatchObject({ end: 'stopped', progress: { iteration: 13 } });
    expect(stopped.recorder.kept.at(-1)).toMatchObject({ reason: 'stop', progress: { iteration: 13 } });
    const suspended = await run(tinySettings, { 13: 'suspend' });
    expect(suspended.outcome.end).toBe('suspended');
    expect(suspended.recorder.kept).toHaveLength(1);
  });

  test.each([
    ['a scheduled one', 10, {}],
    ['the one of a stop', 13, { 13: 'stop' }],
    ['the last one', 40, {}],
  ] as const)(
    'cancels an evaluation that is no longer needed, %s, and repeats it when it is due',
    async (_, at, commands) => {
      const settings = { ...tinySettings, maxIterations: 40 };
      const network = await tinyNetwork(backend, settings);
      const recorder = new Recorder(network, commands);
      let looks = 0;
      const isSuspended = (): boolean => recorder.losses.length === at && ++looks > 0;
      const hooks = Object.assign(recorder, { isSuspended });
      const outcome = await train(tinyJob(network, settings), hooks);
      expect(outcome).toMatchObject({ end: 'suspended', progress: { iteration: at } });
      expect(looks).toBe(1);
      const later = new Recorder(network);
      const job = { ...tinyJob(network, settings), start: outcome.progress, isStartUnmeasured: true };
      expect(await train(job, later)).toMatchObject({ end: 'finished' });
      network.dispose();
      const whole = await run(settings);
      const due = whole.recorder.kept.filter(({ progress }) => progress.iteration >= at);
      expect(later.kept).toEqual(due);
    },
  );

  test('keeps no second checkpoint of the same iteration', async () => {
    const { recorder } = await run(tinySettings, { 10: 'stop' });
    expect(recorder.kept.map(({ reason }) => reason)).toEqual(['scheduled']);
    expect((await run(tinySettings, { 0: 'stop' })).recorder.kept).toEqual([]);
  });
});

describe('an explosion', () => {
  const wild = { ...tinySettings, learningRate: 10, dropout: 0 };

  test('stops the run and keeps its checkpoints', async () => {
    const { recorder, outcome } = await run(wild);
    expect(outcome.end).toBe('exploded');
    expect(recorder.explosions).toEqual([`exploding at ${outcome.progress.iteration}: stop`]);
    expect(recorder.kept.every(({ tensors }) => tensors.size > 0)).toBe(true);
  });

  test('returns, halves the learning rate until it learns, and continues', async () => {
    const { recorder, outcome } = await run({ ...wild, onExplosion: 'recover' });
    expect(outcome.end).toBe('finished');
    const { recoveries, learningRate } = outcome.progress;
    expect(recoveries).toBe(recorder.explosions.length);
    expect(recoveries).toBeGreaterThan(0);
    expect(learningRate).toBeLessThanOrEqual(10 / 2 ** recoveries);
  });

  test('of a broken network differs from one of a learning rate that is too high', async () => {
    const network = await tinyNetwork(backend);
    const tensors = new Map(await network.exportTensors());
    tensors.set('decoder.b', { shape: [6], data: new Float32Array(6).fill(Number.NaN) });
    await network.importTensors(tensors);
    const recorder = new Recorder(network);
    expect((await train(tinyJob(network), recorder)).end).toBe('exploded');
    expect(recorder.explosions).toEqual(['not-a-number at 1: stop']);
    network.dispose();
  });
});

test('an evaluation reports progress, and is not a number for an empty split', async () => {
  const network = await tinyNetwork(backend);
  const { plan, symbols } = tinyJob(network);
  const fractions: number[] = [];
  const validation = await evaluateSplit({ network, symbols, plan, split: 'validation' }, (fraction) => {
    fractions.push(fraction);
  });
  expect(fractions).toEqual([0.2, 0.4, 0.6, 0.8, 1]);
  expect(validation.loss).toBeCloseTo(Math.log(6), 1);
  // Five chunks are five parts, and their mean is the loss.
  expect(validation.parts).toHaveLength(5);
  expect(validation.parts.reduce((sum, loss) => sum + loss, 0) / 5).toBeCloseTo(validation.loss, 12);
  const empty = await evaluateSplit({ network, symbols, plan, split: 'test' });
  expect(empty.loss).toBeNaN();
  expect(empty.parts).toEqual([]);
  network.dispose();
});
