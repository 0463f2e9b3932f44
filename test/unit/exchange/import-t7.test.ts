import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EmbeddedBackend } from '../../../src/engine/backends/backend.ts';
import type { Checkpoint } from '../../../src/engine/checkpoints/content.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../../src/engine/checkpoints/codec.ts';
import { assembleCheckpoint } from '../../../src/engine/exchange/import/assemble.ts';
import { readT7Model } from '../../../src/engine/exchange/import/read-t7-model.ts';
import { sha256 } from '../../../src/node/files/sha256.ts';
import { loadWasmBackend } from '../../../src/node/wasm/backend.ts';
import {
  charRnnFile,
  decoder,
  graphParameters,
  graphSpec,
  graphVocabulary,
  GraphBuilder,
  linear,
  lstmFile,
  type LstmLayout,
} from '../../support/char-rnn-graphs.ts';
import { t7Fixture, t7References } from '../../support/t7-files.ts';
import { object } from '../../support/t7-writer.ts';

let backend: EmbeddedBackend;
beforeAll(async () => {
  backend = await loadWasmBackend({ threads: 1 });
});
afterAll(() => backend.dispose());

function read(bytes: Uint8Array, file = 'lm_verses_epoch1.18_2.0557.t7') {
  const model = readT7Model(bytes, file);
  return { model, ...assembleCheckpoint(model, { writtenBy: 'test' }) };
}

/** Log-probabilities after each symbol of a text, by symbol in the order of `codes`. */
function logProbabilities(
  { metadata: { spec, vocabulary }, tensors }: Checkpoint,
  prime: string,
  codes: readonly number[],
): readonly (readonly number[])[] {
  const network = backend.createSamplingNetwork(spec);
  network.importTensors(tensors);
  const rows = Array.from(prime, (symbol) => {
    const logits = network.sampleStep(vocabulary.indexOf(symbol));
    const top = Math.max(...logits);
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit - top), 0);
    return codes.map(
      (code) => (logits[vocabulary.indexOf(String.fromCodePoint(code))] ?? NaN) - top - Math.log(total),
    );
  });
  network.dispose();
  return rows;
}

describe('checkpoints of the original programs', () => {
  test.each(Object.entries(t7References))('%s computes what its program computed', (name, reference) => {
    const { model, ...checkpoint } = read(t7Fixture(name));
    const { spec, validationLoss, iteration } = checkpoint.metadata;
    expect(spec).toMatchObject({
      model: reference.model,
      rnnSize: reference.rnn_size,
      numLayers: reference.num_layers,
      vocabularySize: reference.vocab_size,
    });
    const found = logProbabilities(checkpoint, reference.prime, model.codes);
    const differences = found.flatMap((row, place) =>
      row.map((value, index) => Math.abs(value - (reference.log_probs[place]?.[index] ?? NaN))),
    );
    expect(Math.max(...differences)).toBeLessThan(1e-5);
    expect(validationLoss).toBeCloseTo(reference.validation_loss, 10);
    expect(iteration).toBe(reference.i);
  });

  test.each(['cuda-lstm-1x32', 'ascii-lstm-1x32'])('%s is the model of lstm-1x32', (name) => {
    const plain = read(t7Fixture('lstm-1x32'));
    const other = read(t7Fixture(name));
    for (const [tensor, { data }] of plain.tensors) expect(other.tensors.get(tensor)?.data).toEqual(data);
    expect(other.metadata.vocabulary).toEqual(plain.metadata.vocabulary);
  });

  test('what is made of them is a checkpoint that can be written and read again', () => {
    const { metadata, tensors } = read(t7Fixture('gru-2x64'));
    const bytes = Buffer.concat([...encodeCheckpoint({ metadata, tensors }, sha256).pieces]);
    const again = decodeCheckpoint(bytes, sha256);
    expect(again.metadata.origin).toMatchObject({ program: 'char-rnn', tellsEpochs: true, tellsText: false });
    expect(again.metadata.settings).toMatchObject({
      name: 'verses',
      batchSize: 50,
      evaluateEvery: 200,
      seed: 123,
    });
  });

  test('symbols are bytes where they are not all ASCII', () => {
    expect(read(t7Fixture('bytes-lstm-1x16')).metadata.symbols).toBe('bytes');
    expect(read(t7Fixture('lstm-1x32')).metadata.symbols).toBe('characters');
  });

  test('their recorded losses are imported, in nats', () => {
    for (const [name, reference] of Object.entries(t7References)) {
      const { training } = read(t7Fixture(name)).model;
      expect(training.trainLosses, name).toHaveLength(reference.i);
      const [first, last] = reference.train_losses;
      const scale = name.startsWith('may-2015') ? Math.LN2 : 1;
      // The references of torch-rnn do not contain them.
      if (typeof first !== 'number' || typeof last !== 'number') continue;
      expect(training.trainLosses[0]?.loss).toBeCloseTo(first * scale, 10);
      expect(training.trainLosses.at(-1)?.loss).toBeCloseTo(last * scale, 10);
      expect(training.validationLosses.at(-1)).toEqual({
        iteration: reference.i,
        loss: expect.closeTo(reference.validation_loss, 10) as number,
      });
    }
  });
});

describe('graphs of every layout', () => {
  /** Parameters as the file has them, with symbols in the order of their codes. */
  function expectParameters({ metadata, tensors }: Checkpoint): void {
    const expected = graphParameters(metadata.spec);
    const symbols = metadata.vocabulary.map((symbol) => graphVocabulary.indexOf(symbol));
    const size = symbols.length;
    for (const [name, { data }] of tensors) {
      const numbers = expected.get(name) ?? [];
      const units = metadata.spec.rnnSize;
      const inOrder =
        name === 'layers.0.wx'
          ? numbers.map((_, index) => numbers[Math.floor(index / size) * size + (symbols[index % size] ?? 0)])
          : name === 'decoder.w'
            ? symbols.flatMap((symbol) => numbers.slice(symbol * units, (symbol + 1) * units))
            : name === 'decoder.b'
              ? symbols.map((symbol) => numbers[symbol])
              : numbers;
      expect(Array.from(data), name).toEqual(inOrder);
    }
  }

  test.each<LstmLayout>(['narrow', 'reshape', 'narrow, candidate first'])('LSTM, %s', (layout) => {
    const checkpoint = read(lstmFile(layout));
    expect(checkpoint.metadata.vocabulary).toEqual([' ', 'a', 'b', 'c', 'e']);
    expectParameters(checkpoint);
  });

  test('dropout changes nothing but what a new run drops', () => {
    const checkpoint = read(lstmFile('reshape', object('nn.Dropout', { p: 0.25, v2: true })));
    expect(checkpoint.metadata.spec.dropout).toBe(0.25);
    expectParameters(checkpoint);
  });

  test('a file without losses and numbers is a model too', () => {
    const { metadata } = read(lstmFile('narrow'));
    expect(metadata).toMatchObject({ validationLoss: null, iteration: 0, trainLoss: null });
  });
});

describe('models that cannot be imported', () => {
  function refusal(bytes: Uint8Array): string {
    try {
      read(bytes);
    } catch (error) {
      expect(error).toMatchObject({ code: 'incompatible', fix: expect.any(String) as string });
      return (error as Error).message;
    }
    throw new Error('it was read');
  }

  test('batch normalisation, dropout of an early Torch, and nn.GRU have a sentence each', () => {
    expect(refusal(t7Fixture('torch-rnn-batchnorm'))).toMatch(/batch normalisation/);
    expect(refusal(lstmFile('reshape', object('nn.Dropout', { p: 0.25 })))).toMatch(
      /dropout of an early Torch/,
    );
    const renamed = t7Fixture('torch-rnn-lstm-2x64')
      .toString('latin1')
      .replaceAll('\u0007\0\0\0nn.LSTM', '\u0006\0\0\0nn.GRU');
    expect(refusal(Buffer.from(renamed, 'latin1'))).toMatch(/nn\.GRU/);
  });

  test('networks that char-rnn does not build', () => {
    expect(refusal(lstmFile('reshape', object('nn.ReLU')))).toMatch(/nn\.ReLU/);
    expect(refusal(lstmFile('reshape', object('nn.Tanh')))).toMatch(/neither LSTM nor GRU nor RNN/);
    expect(refusal(lstmFile('reshape', object('nn.Linear')))).toMatch(/network that char-rnn does not build/);
  });

  test('an RNN whose layer is also added to what comes after it', () => {
    const spec = graphSpec('rnn', 1);
    const parameters = graphParameters(spec);
    const graph = new GraphBuilder(2);
    const x = graph.apply(object('OneHot'), graph.input(1));
    const get = (name: string): readonly number[] => parameters.get(`layers.0.${name}`) ?? [];
    const previous = graph.input(2);
    const sum = graph.apply(
      object('nn.CAddTable'),
      graph.apply(linear(get('wx'), get('bx')), x),
      graph.apply(linear(get('wh'), get('bh')), previous),
    );
    const h = graph.apply(object('nn.Tanh'), sum);
    const residual = graph.apply(object('nn.CAddTable'), h, previous);
    const plain = charRnnFile(graph.finish([h, decoder(graph, parameters, h)]));
    const changed = charRnnFile(graph.finish([h, decoder(graph, parameters, residual)]));
    expect(read(plain).metadata.spec).toMatchObject({ model: 'rnn', rnnSize: 3 });
    expect(refusal(changed)).toMatch(/network that char-rnn does not build/);
  });

  test('other things that Torch has saved', () => {
    expect(refusal(t7Fixture('all-types'))).toMatch(/no model of char-rnn or torch-rnn/);
  });
});
