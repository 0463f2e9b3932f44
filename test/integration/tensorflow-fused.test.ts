import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { NetworkOptions, TensorMap, TrainingNetwork } from '../../src/engine/backends/backend.ts';
import {
  createTensorflowBackend,
  type TensorflowBackend,
} from '../../src/engine/backends/tensorflow/backend.ts';
import type { FusedMode } from '../../src/engine/backends/tensorflow/graph/fused-recurrence.ts';
import { Graph, type Output } from '../../src/engine/backends/tensorflow/graph/graph.ts';
import { Operations } from '../../src/engine/backends/tensorflow/graph/operations.ts';
import type { FusedKernel } from '../../src/engine/backends/tensorflow/network-graph.ts';
import { bundledFixtures } from '../../src/engine/verification/bundled.ts';
import { verifyBackend, verifyTolerance, worstError } from '../../src/engine/verification/verify.ts';
import { createTensorflowRuntime } from '../../src/node/tensorflow/runtime.ts';
import { loadTensorflow } from '../../src/node/tensorflow/backend.ts';
import { plainModel, type ModelSpec } from '../../src/shared/domain/model-spec.ts';
import { checkGolden, relativeError } from '../support/golden.ts';
import { bits, networkOptions, randomNumbers, randomTensors, trainSteps } from '../support/networks.ts';
import { standInKernel } from '../support/stand-in-kernel.ts';
import { engine, skipNote, startTensorflow } from '../support/tensorflow.ts';

interface Case {
  readonly mode: FusedMode;
  readonly input: readonly number[];
  readonly states: readonly (readonly number[])[];
  readonly parameters: readonly number[];
  readonly upstream: readonly number[];
  readonly output: readonly number[];
  readonly final: readonly (readonly number[])[];
  readonly input_gradient: readonly number[];
  readonly parameter_gradient: readonly number[];
}
const fixture = JSON.parse(
  readFileSync(new URL('../fixtures/fused-recurrence.json', import.meta.url), 'utf8'),
) as { steps: number; rows: number; inputs: number; units: number; cases: readonly Case[] };

const device = { kind: 'gpu', label: 'a card', threads: 2, version: '2.18.1', memoryBytes: 8e9 } as const;
const lstm: ModelSpec = {
  model: 'lstm',
  vocabularySize: 19,
  rnnSize: 21,
  numLayers: 3,
  ...plainModel,
  dropout: 0.4,
};
const rnn: ModelSpec = { model: 'rnn', vocabularySize: 7, rnnSize: 12, numLayers: 2, ...plainModel };

describe.skipIf(engine === undefined)(`layers on a fused kernel${skipNote}`, () => {
  const networks: TrainingNetwork[] = [];
  /** The backend as on a card, with the kernel given; cuDNN's own where none is. */
  const onCard = (kernel?: FusedKernel): TensorflowBackend => {
    if (engine === undefined) throw new Error('no engine is installed');
    return createTensorflowBackend(createTensorflowRuntime(loadTensorflow(engine, 2)), device, kernel);
  };
  const make = async (
    backend: Pick<TensorflowBackend, 'createNetwork'>,
    spec: ModelSpec,
    options: NetworkOptions,
    tensors: TensorMap,
  ): Promise<TrainingNetwork> => {
    const network = await backend.createNetwork(spec, options);
    networks.push(network);
    await network.importTensors(tensors);
    return network;
  };
  afterEach(() => {
    for (const network of networks.splice(0)) network.dispose();
  });

  it.each(fixture.cases)('the stand-in for cuDNN computes what PyTorch computes: $mode', (expected) => {
    const results = runKernel(expected);
    const wanted = [expected.output, ...expected.final, expected.input_gradient, expected.parameter_gradient];
    expect(results).toHaveLength(wanted.length);
    for (const [index, values] of wanted.entries()) {
      expect(relativeError(results[index] ?? [], values), String(index)).toBeLessThan(1e-5);
    }
  });

  it.each(['lstm', 'rnn'] as const)('give the golden numbers of the %s', async (model) => {
    const backend = onCard(standInKernel);
    await checkGolden(model, (spec, options, initial) => {
      expect(backend.recurrenceOf(spec).recurrence).toBe('fused');
      return make(backend, spec, options, initial);
    });
  });

  it.each([
    [lstm, 13, 17, {}],
    [rnn, 1, 5, {}],
    [{ ...lstm, residual: 'on' } as const, 4, 9, { weightDrop: 0.3, averaging: true }],
  ])(
    'train, carry their state and evaluate like stepwise ones: %o',
    async (spec, batchSize, sequenceLength, others) => {
      const options = networkOptions(batchSize, sequenceLength, others);
      const initial = randomTensors(spec, batchSize, randomNumbers(3));
      const stepwise = await make(startTensorflow(), spec, options, initial);
      const fused = await make(onCard(standInKernel), spec, options, initial);
      const losses = await trainSteps(fused, randomNumbers(5), 6);
      expect(relativeError(losses, await trainSteps(stepwise, randomNumbers(5), 6))).toBeLessThan(1e-5);
      const [tensors, expected] = [await fused.exportTensors(), await stepwise.exportTensors()];
      for (const [name, { data }] of expected) {
        expect(relativeError(tensors.get(name)?.data ?? [], data), name).toBeLessThan(1e-3);
      }
    },
  );

  it('are named in the variant: their numbers are not those of stepwise ones to the bit', async () => {
    const backend = onCard(standInKernel);
    expect((await backend.infoFor(lstm)).variant).toBe('tensorflow-2.18.1-gpu-2-cudnn');
    expect((await backend.infoFor({ ...lstm, model: 'gru' })).variant).toBe('tensorflow-2.18.1-gpu-2');
  });

  it('resume to the bit', async () => {
    const options = networkOptions(4, 9);
    const backend = onCard(standInKernel);
    const straight = await make(backend, lstm, options, randomTensors(lstm, 4, randomNumbers(1)));
    await trainSteps(straight, randomNumbers(2), 3);
    const resumed = await make(backend, lstm, options, await straight.exportTensors());
    const goesOn = (network: TrainingNetwork): Promise<number[]> =>
      trainSteps(network, randomNumbers(8), 3, 4);
    expect(await goesOn(resumed)).toEqual(await goesOn(straight));
    expect(bits(await resumed.exportTensors())).toEqual(bits(await straight.exportTensors()));
  });

  it('are not used where the kernel computes something else, and the model trains anyway', async () => {
    const confused: FusedKernel = (tf) => {
      const kernel = standInKernel(tf);
      return {
        ...kernel,
        backward: (inputs, result, upstream) => {
          const right = kernel.backward(inputs, result, upstream);
          return { ...right, parameters: tf.multiply(right.parameters, tf.scalar(1.001)) };
        },
      };
    };
    const backend = onCard(confused);
    expect(backend.recurrenceOf(lstm)).toEqual({
      recurrence: 'stepwise',
      reason: expect.stringMatching(/^cuDNN differs by \de-\d$/) as unknown,
    });
    await checkGolden('lstm', (spec, options, initial) => make(backend, spec, options, initial));
  });

  it('are used where gradients differ only by rounding, even if they are nothing else', async () => {
    const rounded: FusedKernel = (tf) => {
      const kernel = standInKernel(tf);
      return {
        ...kernel,
        backward: (inputs, result, upstream) => {
          const exact = kernel.backward(inputs, result, upstream);
          // Symbols that a batch lacks have no gradient at all.
          return { ...exact, parameters: tf.add(exact.parameters, tf.scalar(1e-9)) };
        },
      };
    };
    expect(onCard(rounded).recurrenceOf(lstm).recurrence).toBe('fused');
  });

  it.each([lstm, rnn])(
    "are not used where cuDNN's kernels do not run, and the model trains anyway: $model",
    async (spec) => {
      const backend = onCard();
      // TensorFlow has accepted inputs, attributes and shapes of both operations by then.
      expect(backend.recurrenceOf(spec)).toEqual({
        recurrence: 'stepwise',
        reason: expect.stringMatching(
          /^cuDNN fails: .*No OpKernel was registered to support Op 'CudnnRNN(Backprop)?V3'$/,
        ) as unknown,
      });
      await checkGolden(spec.model, (golden, options, initial) => make(backend, golden, options, initial));
    },
  );

  it('are never used for a GRU, whose reset gate cuDNN applies elsewhere, nor on a processor', async () => {
    const gru: ModelSpec = { ...lstm, model: 'gru' };
    expect(onCard(standInKernel).recurrenceOf(gru)).toEqual({
      recurrence: 'stepwise',
      reason: expect.stringContaining('reset gate') as unknown,
    });
    await checkGolden('gru', (spec, options, initial) => make(onCard(), spec, options, initial));
    expect(createOnProcessor().recurrenceOf(lstm)).toEqual({ recurrence: 'stepwise', reason: undefined });
  });

  it('are never used for layer-normalised cells, which cuDNN does not have', async () => {
    const normalised: ModelSpec = { ...lstm, layerNorm: true };
    const backend = onCard(standInKernel);
    expect(backend.recurrenceOf(normalised)).toEqual({
      recurrence: 'stepwise',
      reason: 'cuDNN has no layer-normalised cells',
    });
    const [fixture] = bundledFixtures().filter(({ name }) => name === 'lstm-ln-residual');
    if (fixture === undefined) throw new Error('no such fixture');
    expect(worstError(await verifyBackend(backend, fixture.fixture))).toBeLessThan(verifyTolerance);
  });

  function createOnProcessor(): TensorflowBackend {
    if (engine === undefined) throw new Error('no engine is installed');
    const runtime = createTensorflowRuntime(loadTensorflow(engine, 2));
    return createTensorflowBackend(runtime, { ...device, kind: 'cpu' });
  }

  /** One call of the stand-in, forwards and backwards, in a separate graph. */
  function runKernel({ mode, input, states, parameters, upstream }: Case): Float32Array[] {
    const { steps, rows, inputs, units } = fixture;
    if (engine === undefined) throw new Error('no engine is installed');
    const graph = new Graph();
    const tf = new Operations(graph);
    const feed = (name: string, shape: number[], values: readonly number[]) => ({
      output: tf.placeholder(name, 'float32', shape),
      feed: { name, shape, data: Float32Array.from(values) },
    });
    const fed = {
      input: feed('input', [steps, rows, inputs], input),
      states: states.map((state, index) => feed(`state-${index}`, [1, rows, units], state)),
      parameters: feed('parameters', [parameters.length], parameters),
      upstream: feed('upstream', [steps, rows, units], upstream),
    };
    const kernel = standInKernel(tf);
    const call = {
      mode,
      sizes: { steps, rows, inputs, units },
      input: fed.input.output,
      h: fed.states[0]?.output ?? '',
      c: fed.states[1]?.output,
      parameters: fed.parameters.output,
    };
    const result = kernel.forward(call, true);
    const back = kernel.backward(call, result, fed.upstream.output);
    const cells: Output[] = result.c === undefined ? [] : [result.c];
    const wanted = [result.output, result.h, ...cells, back.input, back.parameters];
    for (const [index, output] of wanted.entries()) tf.identity(output, `wanted-${index}`, []);
    const session = createTensorflowRuntime(loadTensorflow(engine, 2)).load(graph.toSavedModel());
    const feeds = [fed.input, ...fed.states, fed.parameters, fed.upstream].map((each) => each.feed);
    const values = session.run(
      feeds,
      wanted.map((_, index) => `wanted-${index}`),
    );
    session.dispose();
    return values;
  }
});
