import { once } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend, TensorMap, TrainingNetwork } from '../../../../src/engine/backends/backend.ts';
import { connectBackend } from '../../../../src/engine/backends/remote/connect-backend.ts';
import { serveBackend } from '../../../../src/engine/backends/remote/serve-backend.ts';
import { initialParameters } from '../../../../src/engine/model/initial-parameters.ts';
import { bundledFixtures } from '../../../../src/engine/verification/bundled.ts';
import { verifyBackend, verifyTolerance, worstError } from '../../../../src/engine/verification/verify.ts';
import { loadWasmBackend } from '../../../../src/node/wasm/backend.ts';
import type { ModelSpec } from '../../../../src/shared/domain/model-spec.ts';
import { CharloomError } from '../../../../src/shared/errors.ts';
import { networkOptions, randomBatch, randomNumbers, randomTensors } from '../../../support/networks.ts';
import { portChannel } from '../../../support/port-channel.ts';
import { lostSentence, serveFromThread, type ServedBackend } from '../../../support/served-backend.ts';

const spec: ModelSpec = {
  ...({ model: 'lstm', vocabularySize: 11, rnnSize: 9, numLayers: 2 } as const),
  ...({ dropout: 0.25, layerNorm: false, residual: 'off' } as const),
};
const options = networkOptions(3, 5, { averaging: true });

/** Everything the contract offers, in numbers that two backends can be compared by. */
async function exercise(backend: Backend): Promise<unknown> {
  const random = randomNumbers(5);
  const network = await backend.createNetwork(spec, options);
  await network.importTensors(randomTensors(spec, options.batchSize, random));
  const told: unknown[] = [await backend.infoFor(spec), network.memoryBytes];
  for (let iteration = 1; iteration <= 4; iteration++) {
    const step = { iteration, learningRate: 0.01, averageWeight: 0.5 };
    told.push(await network.trainStep(randomBatch(spec, options, random), step));
  }
  told.push(listed(await network.exportGradients()));
  for (const weights of ['trained', 'averaged'] as const) {
    await network.resetEvaluation(weights);
    for (let chunk = 0; chunk < 2; chunk++)
      told.push(await network.evaluate(randomBatch(spec, options, random)));
  }
  const tensors = await network.exportTensors();
  await network.importTensors(tensors);
  told.push(listed(await network.exportTensors()));
  network.dispose();
  return told;
}

function listed(tensors: TensorMap): unknown {
  return [...tensors].map(([name, { shape, data }]) => [name, shape, [...data]]);
}

describe('a backend in another thread', () => {
  let served: ServedBackend;
  let local: Backend;
  beforeAll(async () => {
    served = await serveFromThread();
    local = await loadWasmBackend({ threads: 1 });
  });
  afterAll(async () => {
    served.backend.dispose();
    local.dispose();
    await served.worker.terminate();
  });

  test('computes and reports the same as a local one, to the bit', async () => {
    expect(await exercise(served.backend)).toEqual(await exercise(local));
  });

  test('agrees with the golden numbers', async () => {
    for (const { fixture } of bundledFixtures().slice(0, 2)) {
      expect(worstError(await verifyBackend(served.backend, fixture))).toBeLessThan(verifyTolerance);
    }
  });

  test('a tensor that takes several messages arrives whole', async () => {
    const wide: ModelSpec = { ...spec, rnnSize: 300, vocabularySize: 4000, numLayers: 1, dropout: 0 };
    const network = await served.backend.createNetwork(wide, networkOptions(1, 2));
    const parameters = initialParameters(wide, 3);
    expect(parameters.get('layers.0.wx')?.data.length).toBeGreaterThan(4 * 2 ** 20);
    await network.importTensors(parameters);
    const exported = await network.exportTensors();
    for (const [name, { shape, data }] of parameters) {
      expect(exported.get(name)?.shape).toEqual(shape);
      expect(Buffer.compare(bytesOf(exported.get(name)?.data), bytesOf(data))).toBe(0);
    }
    network.dispose();
  });

  test('errors arrive with their code and sentence', async () => {
    const network = await served.backend.createNetwork(spec, options);
    await expect(network.importTensors(new Map())).rejects.toMatchObject({
      code: 'incompatible',
      message: 'The tensor layers.0.wx is missing.',
    });
    const averageless = await served.backend.createNetwork(spec, { ...options, averaging: false });
    const here = await local.createNetwork(spec, { ...options, averaging: false });
    const said = async (asked: TrainingNetwork): Promise<unknown> =>
      asked.resetEvaluation('averaged').then(
        () => 'nothing',
        (error: Error) => error.message,
      );
    expect(await said(averageless)).toContain(await said(here));
    const large = networkOptions(100_000, 10_000);
    const refused = served.backend.createNetwork({ ...spec, rnnSize: 8192 }, large);
    await expect(refused).rejects.toMatchObject({ code: 'bad-setting' });
    await expect(refused).rejects.toBeInstanceOf(CharloomError);
    // The others continue after any refusal.
    expect(await network.evaluate(randomBatch(spec, options, randomNumbers(1)))).toBeGreaterThan(0);
  });
});

function bytesOf(data: Float32Array = new Float32Array()): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}

test('batches are read when the call returns, and losses that are no number arrive', async () => {
  const served = await serveFromThread(3);
  const local = await loadWasmBackend({ threads: 1 });
  const random = randomNumbers(9);
  const parameters = randomTensors(spec, options.batchSize, random);
  const batches = Array.from({ length: 6 }, () => randomBatch(spec, options, random));
  const losses: number[][] = [];
  for (const backend of [served.backend, local]) {
    const network = await backend.createNetwork(spec, options);
    await network.importTensors(parameters);
    const [first] = batches;
    // In memory that a thread at the other end could see change.
    const memory = (): Int32Array => new Int32Array(new SharedArrayBuffer(4 * (first?.x.length ?? 0)));
    const shared = { x: memory(), y: memory() };
    const steps: Promise<number>[] = [];
    for (const [index, { x, y }] of batches.entries()) {
      shared.x.set(x);
      shared.y.set(y);
      // The last but one breaks the network.
      const learningRate = index === 4 ? Infinity : 0.01;
      if (steps.length >= network.stepsInFlight) await steps.at(-network.stepsInFlight);
      steps.push(network.trainStep(shared, { iteration: index + 1, learningRate }).then(({ loss }) => loss));
      shared.x.fill(0);
    }
    losses.push(await Promise.all(steps));
    network.dispose();
  }
  expect(losses[0]).toEqual(losses[1]);
  expect(losses[0]?.at(-1)).toBeNaN();
  served.backend.dispose();
  expect(await once(served.worker, 'message')).toEqual(['disposed']);
  local.dispose();
});

describe('when the other end closes', () => {
  const gone = { code: 'backend-unavailable', message: lostSentence };

  test('pending and later calls reject with the reason', async () => {
    const { backend, worker } = await serveFromThread(4);
    const network = await backend.createNetwork(spec, options);
    await network.importTensors(initialParameters(spec, 1));
    const batch = randomBatch(spec, options, randomNumbers(2));
    const steps = [1, 2, 3, 4].map((iteration) =>
      network.trainStep(batch, { iteration, learningRate: 0.01 }),
    );
    const outcomes = Promise.allSettled(steps);
    await worker.terminate();
    for (const outcome of await outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject(gone);
    }
    expect((await outcomes).at(-1)?.status).toBe('rejected');
    await expect(network.exportTensors()).rejects.toMatchObject(gone);
    await expect(backend.createNetwork(spec, options)).rejects.toMatchObject(gone);
    // Nothing is left to let go.
    network.dispose();
    backend.dispose();
  });

  test('one that closes before it has answered is no backend', async () => {
    const { port1, port2 } = new MessageChannel();
    port2.close();
    await expect(connectBackend(portChannel(port1), lostSentence)).rejects.toMatchObject(gone);
  });

  test('steps under way are waited for before their network is disposed', async () => {
    const { backend, worker, port } = await serveFromThread(4);
    const network = await backend.createNetwork(spec, options);
    const batch = randomBatch(spec, options, randomNumbers(2));
    for (const iteration of [1, 2, 3]) {
      network.trainStep(batch, { iteration, learningRate: 0.01 }).catch(() => undefined);
    }
    port.close();
    // The late backend throws if the contract is broken, which would end the thread with an error.
    expect(await once(worker, 'message')).toEqual(['disposed']);
    await worker.terminate();
  });
});

/** The backend's end, to be spoken by hand. */
function spoken(): { readonly backend: Promise<Backend>; readonly port: MessagePort } {
  const { port1, port2 } = new MessageChannel();
  return { backend: connectBackend(portChannel(port1), lostSentence), port: port2 };
}

const info = { name: 'wasm', device: 'a device', threads: 1, variant: 'a variant' };

describe('an answer that makes no sense ends the connection', () => {
  test.each([
    ['of no known kind', { kind: 'nonsense', id: 1 }],
    ['to nothing that was asked', { kind: 'done', id: 99 }],
    ['to another question', { kind: 'evaluated', id: 1, loss: 1 }],
    [
      'with a tensor nobody asked for',
      { kind: 'portion', id: 1, name: 'x', shape: [1], offset: 0, data: new Float32Array(1) },
    ],
    ['with a description that is none', { kind: 'created', id: 1, memoryBytes: -1, stepsInFlight: 0 }],
  ])('%s', async (_title, answer) => {
    const { backend, port } = spoken();
    port.once('message', ({ id }: { readonly id: number }) => {
      port.postMessage({ kind: 'described', id, info });
    });
    const network = (await backend).createNetwork(spec, options);
    await once(port, 'message');
    const closed = once(port, 'close');
    port.postMessage(answer);
    await expect(network).rejects.toThrow();
    await closed;
  });

  test('unrequested tensors take no memory, and a missing one is noticed', async () => {
    const { backend, port } = spoken();
    const answers: object[][] = [
      [{ kind: 'described', info }],
      [{ kind: 'created', memoryBytes: 1, stepsInFlight: 1 }],
      [
        { kind: 'portion', name: 'decoder.b', shape: [11], offset: 0, data: new Float32Array(11) },
        { kind: 'done' },
      ],
      [{ kind: 'portion', name: 'decoder.b', shape: [2 ** 40], offset: 0, data: new Float32Array(1) }],
    ];
    port.on('message', ({ id }: { readonly id: number }) => {
      for (const answer of answers.shift() ?? []) port.postMessage({ ...answer, id });
    });
    const network = await (await backend).createNetwork(spec, options);
    await expect(network.exportTensors()).rejects.toThrow('left out the tensor layers.0.wx');
    await expect(network.exportTensors()).rejects.toThrow('was not expected');
  });
});

describe('a question that makes no sense ends the connection', () => {
  test.each([
    ['of no known kind', { kind: 'nonsense', id: 1 }],
    [
      'with a part of a tensor for no network',
      { kind: 'portion', network: 5, name: 'x', shape: [1], offset: 0, data: new Float32Array(1) },
    ],
    [
      'with a batch that is none',
      { kind: 'step', id: 1, network: 0, x: [1], y: [1], iteration: 1, learningRate: 1, averageWeight: 0 },
    ],
    [
      'about a network that nobody may have',
      { kind: 'create', id: 1, network: 0, spec: { ...spec, rnnSize: 0 }, options },
    ],
  ])('%s', async (_title, question) => {
    const { port1, port2 } = new MessageChannel();
    const served = serveBackend(portChannel(port1), () => loadWasmBackend({ threads: 1 }));
    const closed = once(port2, 'close');
    port2.postMessage(question);
    await closed;
    await served;
  });

  test('a batch of another size is refused before a backend reads beyond it', async () => {
    const { port1, port2 } = new MessageChannel();
    const served = serveBackend(portChannel(port1), () => loadWasmBackend({ threads: 1 }));
    const backend = await connectBackend(portChannel(port2), lostSentence);
    const network = await backend.createNetwork(spec, options);
    const batch = { x: new Int32Array(3), y: new Int32Array(3) };
    await expect(network.trainStep(batch, { iteration: 1, learningRate: 0.1 })).rejects.toThrow('15 symbols');
    await expect(network.evaluate(batch)).rejects.toThrow('15 symbols');
    backend.dispose();
    await served;
  });
});
