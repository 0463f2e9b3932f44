import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend, TrainingNetwork } from '../../../src/engine/backends/backend.ts';
import { evaluateSplit } from '../../../src/engine/training/evaluate.ts';
import { loadWasmBackend } from '../../../src/node/wasm/backend.ts';
import { loadLateBackend } from '../../support/late-backend.ts';
import { tinyJob, tinyNetwork } from '../../support/tiny-run.ts';

let embedded: Backend;
let network: TrainingNetwork;
beforeAll(async () => {
  embedded = await loadWasmBackend({ threads: 1 });
  network = await tinyNetwork(embedded);
});
afterAll(() => embedded.dispose());

/** The tiny network with chunks that come back when the test says so. */
function held(stepsInFlight: number) {
  const answers: PromiseWithResolvers<number>[] = [];
  const evaluate = (): Promise<number> => {
    const answer = Promise.withResolvers<number>();
    answers.push(answer);
    return answer.promise;
  };
  return {
    answers,
    network: Object.assign(Object.create(network), {
      ...{ stepsInFlight, evaluate },
      resetEvaluation: () => Promise.resolve(),
    }) as TrainingNetwork,
  };
}

describe('an evaluation', () => {
  test.each([1, 2, 4])('with %i chunks under way is the embedded one’s, to the bit', async (most) => {
    const late = await loadLateBackend(most);
    const far = await tinyNetwork(late);
    const { plan, symbols } = tinyJob(network);
    const fractions: number[] = [];
    const job = { symbols, plan, split: 'train', weights: 'trained' } as const;
    const found = await evaluateSplit({ ...job, network: far }, (fraction) => {
      fractions.push(fraction);
    });
    expect(found).toEqual(await evaluateSplit({ ...job, network }));
    const told = most === 1 ? Array.from({ length: 20 }, (_, i) => i + 1) : [16, 20];
    expect(fractions).toEqual(told.map((chunks) => chunks / 20));
    expect(late.work).toMatchObject({ evaluations: 20, maxEvaluations: most });
    far.dispose();
    late.dispose();
  });

  test('pauses where others may use the network, or cancel', async () => {
    // This backend reports an error for any request while chunks are under way.
    const late = await loadLateBackend(3);
    const far = await tinyNetwork(late);
    const { plan, symbols } = tinyJob(network);
    const before = await far.exportTensors();
    const job = { network: far, symbols, plan, split: 'train' } as const;
    const { loss } = await evaluateSplit(job, async () => {
      expect(await far.exportTensors()).toEqual(before);
    });
    expect(loss).toBe((await evaluateSplit({ ...job, network })).loss);
    const cancelled = evaluateSplit(job, () => {
      throw new Error('enough');
    });
    await expect(cancelled).rejects.toThrow('enough');
    expect(await far.exportTensors()).toEqual(before);
    far.dispose();
    late.dispose();
  });

  test('fails with the error of its first failing chunk', async () => {
    const { answers, network } = held(3);
    const { plan, symbols } = tinyJob(network);
    const failed = evaluateSplit({ network, symbols, plan, split: 'train' }).catch((error: unknown) => error);
    await expect.poll(() => answers.length).toBe(3);
    answers[1]?.reject(new Error('the second'));
    answers[0]?.reject(new Error('the first'));
    answers[2]?.resolve(1);
    expect(await failed).toMatchObject({ message: 'the first' });
  });
});
