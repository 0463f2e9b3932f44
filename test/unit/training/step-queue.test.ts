import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend, StepResult, TrainingNetwork } from '../../../src/engine/backends/backend.ts';
import { ImmediateTraining } from '../../../src/engine/backends/immediate.ts';
import { StepQueue } from '../../../src/engine/training/step-queue.ts';
import { train } from '../../../src/engine/training/loop.ts';
import { loadWasmBackend } from '../../../src/node/wasm/backend.ts';
import { tinyJob, tinyNetwork } from '../../support/tiny-run.ts';

const result: StepResult = { loss: 1, gradientNorm: 2, parameterNorm: 3 };
const batch = { x: new Int32Array(), y: new Int32Array() };

let backend: Backend;
let network: TrainingNetwork;
beforeAll(async () => {
  backend = await loadWasmBackend({ threads: 1 });
  network = await tinyNetwork(backend);
});
afterAll(() => backend.dispose());

/** The tiny network with steps that come back when the test says so. */
function held(stepsInFlight: number) {
  const answers: PromiseWithResolvers<StepResult>[] = [];
  const trainStep = (): Promise<StepResult> => {
    const answer = Promise.withResolvers<StepResult>();
    answers.push(answer);
    return answer.promise;
  };
  return {
    answers,
    network: Object.assign(Object.create(network), { stepsInFlight, trainStep }) as TrainingNetwork,
  };
}

describe('steps under way', () => {
  test('return in the order in which they were started, whichever finishes first', async () => {
    const { answers, network } = held(2);
    const queue = new StepQueue(network);
    queue.begin(batch, { iteration: 1, learningRate: 0.1 });
    expect(queue.isFull).toBe(false);
    queue.begin(batch, { iteration: 2, learningRate: 0.2 });
    expect(queue.isFull).toBe(true);
    answers[1]?.resolve({ ...result, loss: 7 });
    const first = queue.next();
    answers[0]?.resolve(result);
    expect(await first).toMatchObject({ iteration: 1, learningRate: 0.1, loss: 1 });
    expect(await queue.next()).toMatchObject({ iteration: 2, learningRate: 0.2, loss: 7 });
    expect(queue.isEmpty).toBe(true);
    await expect(queue.next()).rejects.toThrow('no step is under way');
  });

  test('take together no longer than the elapsed time', async () => {
    const { answers, network } = held(3);
    const queue = new StepQueue(network);
    const begun = performance.now();
    for (let iteration = 1; iteration <= 3; iteration++) queue.begin(batch, { iteration, learningRate: 0.1 });
    while (performance.now() - begun < 20);
    for (const answer of answers) answer.resolve(result);
    let sum = 0;
    while (!queue.isEmpty) sum += (await queue.next()).milliseconds;
    expect(sum).toBeGreaterThanOrEqual(20);
    expect(sum).toBeLessThanOrEqual(performance.now() - begun);
  });

  test('are all awaited when one fails, and the loop ends with that failure', async () => {
    const { answers, network } = held(3);
    const training = train(tinyJob(network), {
      onEvent: () => undefined,
      saveCheckpoint: () => Promise.resolve(),
      keepResumePoint: () => Promise.resolve(),
      rollBack: () => Promise.reject(new Error('not asked for')),
      nextCommand: () => Promise.resolve(undefined),
      yieldToEventLoop: () => Promise.resolve(false),
    });
    let isOver = false;
    const over = training.finally(() => (isOver = true)).catch((error: unknown) => error);
    await expect.poll(() => answers.length).toBe(3);
    answers[1]?.reject(new Error('the second'));
    answers[0]?.reject(new Error('the first'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(isOver).toBe(false);
    answers[2]?.resolve(result);
    expect(await over).toMatchObject({ message: 'the first' });
  });
});

test('a network that computes synchronously rejects with a promise too', async () => {
  expect(network).toBeInstanceOf(ImmediateTraining);
  await expect(network.trainStep(batch, { iteration: 1, learningRate: 0.1 })).rejects.toThrow('40 symbols');
});
