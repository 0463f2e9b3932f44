import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend, TensorMap } from '../../../src/engine/backends/backend.ts';
import { averageOf } from '../../../src/engine/model/averaged-weights.ts';
import { averageWeight } from '../../../src/engine/training/averaging.ts';
import { evaluateSplit } from '../../../src/engine/training/evaluate.ts';
import { train } from '../../../src/engine/training/loop.ts';
import { readTrainingChunk } from '../../../src/engine/training/training-chunk.ts';
import type { TrainingCommand } from '../../../src/engine/training/training-hooks.ts';
import { createBatch } from '../../../src/engine/dataset/batches.ts';
import { loadWasmBackend } from '../../../src/node/wasm/backend.ts';
import type { RunSettings } from '../../../src/shared/domain/run-settings.ts';
import { planChunks } from '../../../src/shared/planning/plan.ts';
import { Recorder, type Kept } from '../../support/loop-recorder.ts';
import { tinyJob, tinyNetwork, tinySettings } from '../../support/tiny-run.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await loadWasmBackend({ threads: 1 });
});
afterAll(() => backend.dispose());

const modern: RunSettings = {
  ...tinySettings,
  schedule: 'cosine',
  warmup: 0.1,
  averageDecay: 0.9,
  clipBy: 'norm',
  shiftedEpochs: true,
};

async function run(settings: RunSettings, from?: Kept, commands: Record<number, TrainingCommand> = {}) {
  const network = await tinyNetwork(backend, settings);
  try {
    if (from !== undefined) await network.importTensors(from.tensors);
    const recorder = new Recorder(network, commands);
    const job = tinyJob(network, settings);
    const outcome = await train({ ...job, start: from?.progress ?? job.start }, recorder);
    return { recorder, outcome };
  } finally {
    network.dispose();
  }
}

const last = ({ recorder }: { readonly recorder: Recorder }): Kept => {
  const kept = recorder.kept.at(-1);
  if (kept === undefined) throw new Error('nothing was kept');
  return kept;
};

describe('a run with averaged weights, a falling rate and shifted epochs', () => {
  test('continues from a checkpoint bit for bit, its average included', async () => {
    const whole = await run(modern);
    const resumed = await run(modern, whole.recorder.kept[1]);
    expect(resumed.recorder.losses).toEqual(whole.recorder.losses.slice(20));
    expect(last(resumed).tensors).toEqual(last(whole).tensors);
    expect([...averageOf(last(whole).tensors)].length).toBeGreaterThan(0);
  });

  test('averages what the weights were after every iteration', async () => {
    const { recorder } = await run({ ...modern, evaluateEvery: 1 });
    const name = 'layers.1.wh';
    const expected = new Float64Array(recorder.kept[0]?.tensors.get(name)?.data.length ?? 0);
    for (const [index, { tensors }] of recorder.kept.entries()) {
      const weight = averageWeight(modern.averageDecay, index + 1);
      tensors.get(name)?.data.forEach((value, at) => {
        expected[at] = (expected[at] ?? 0) + weight * (value - (expected[at] ?? 0));
      });
    }
    const found = averageOf(last({ recorder }).tensors).get(name)?.data ?? [];
    expect(found).toHaveLength(expected.length);
    for (const [at, value] of found.entries()) expect(value).toBeCloseTo(expected[at] ?? NaN, 6);
  });

  test('measures both sets of weights, and the lower loss counts', async () => {
    const { recorder } = await run(modern);
    for (const { evaluation, tensors } of recorder.kept) {
      const { trainedLoss, averagedLoss, validationLoss } = evaluation;
      expect(averagedLoss).toBe(await lossOf(averageOf(tensors)));
      expect(trainedLoss).not.toBe(averagedLoss);
      expect(validationLoss).toBe(Math.min(trainedLoss ?? Infinity, averagedLoss ?? Infinity));
    }
  });
});

async function lossOf(parameters: TensorMap): Promise<number> {
  const network = await tinyNetwork(backend, tinySettings);
  await network.importTensors(parameters);
  const { symbols, plan } = tinyJob(network);
  const { loss } = await evaluateSplit({ network, symbols, plan, split: 'validation' });
  network.dispose();
  return loss;
}

describe('shifted epochs', () => {
  const symbols = Uint16Array.from({ length: 1000 }, (_, index) => index);
  const plan = planChunks({ ...tinySettings, characters: symbols.length });

  function columnsOf(iterations: readonly number[], settings: RunSettings): number[] {
    const batch = createBatch(plan);
    return iterations.flatMap((iteration) => {
      readTrainingChunk({ symbols }, plan, settings, iteration, batch);
      const row = [...batch.x.subarray(0, 10)];
      expect([...batch.y.subarray(0, 10)]).toEqual(row.map((symbol) => symbol + 1));
      return row;
    });
  }

  const epoch = (number: number): number[] =>
    Array.from(
      { length: plan.iterationsPerEpoch },
      (_, index) => number * plan.iterationsPerEpoch + index + 1,
    );

  test('leave the first epoch unchanged, and read every training symbol once in each other, from another start', () => {
    const settings = { ...tinySettings, shiftedEpochs: true };
    const first = columnsOf(epoch(0), settings);
    expect(first).toEqual(columnsOf(epoch(0), tinySettings));
    const starts = [1, 2, 3].map((number) => {
      const columns = columnsOf(epoch(number), settings);
      expect([...columns].sort((a, b) => a - b)).toEqual(first);
      return columns[0];
    });
    expect(new Set([0, ...starts]).size).toBe(4);
  });
});

describe('stopping early', () => {
  /** A rate at which the loss soon rises. */
  const restless = { ...tinySettings, learningRate: 0.05, evaluateEvery: 5, maxEpochs: 20 };

  test('ends a run when the loss has not improved for as many scheduled evaluations', async () => {
    const { outcome, recorder } = await run({ ...restless, patience: 3 });
    expect(outcome).toMatchObject({ end: 'finished', isEarly: true });
    const losses = recorder.kept.map(({ validationLoss }) => validationLoss ?? Infinity);
    const lowest = losses.indexOf(Math.min(...losses));
    expect(losses).toHaveLength(lowest + 4);
    const patient = await run({ ...restless, patience: 0 });
    expect(patient.outcome.isEarly).toBeUndefined();
    expect(patient.outcome.progress.iteration).toBe(400);
  });

  test('does not depend on requested checkpoints, or on where the run was stopped', async () => {
    const settings = { ...restless, patience: 3 };
    const calm = await run(settings);
    const asked = await run(settings, undefined, { 3: 'checkpoint', 7: 'checkpoint', 8: 'checkpoint' });
    expect(asked.outcome.progress).toEqual(calm.outcome.progress);
    const stopped = await run(settings, undefined, { 7: 'stop' });
    const resumed = await run(settings, last(stopped));
    expect(resumed.outcome.progress).toEqual(calm.outcome.progress);
  });
});
