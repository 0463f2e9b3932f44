import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EmbeddedBackend } from '../../../src/engine/backends/backend.ts';
import { readModel } from '../../../src/engine/exchange/import/read-model.ts';
import { sha256 } from '../../../src/node/files/sha256.ts';
import { loadWasmBackend } from '../../../src/node/wasm/backend.ts';
import { zipOf } from '../../support/documents.ts';
import { filesOf, symbols, units, weightsOf, type Weights } from '../../support/ml5-folders.ts';

function read(files: Readonly<Record<string, Uint8Array>>) {
  const source = { name: 'woolf', isFolder: true, files: new Map(Object.entries(files)) };
  return readModel(source, { sha256, writtenBy: 'test' });
}

/** The logits as ml5 computes them: TensorFlow.js's own cell, with 1 added to the forget gate. */
function logitsOf(
  weights: Readonly<Record<string, Weights>>,
  indices: readonly number[],
): readonly Float32Array[] {
  const tensors = new Map(
    Object.entries(weights).map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]),
  );
  const named = (pattern: RegExp): tf.Tensor => {
    const name = [...tensors.keys()].find((key) => pattern.test(key)) ?? '';
    return tensors.get(name) as tf.Tensor;
  };
  const cells = [0, 1].map(
    (layer) => (data: tf.Tensor2D, c: tf.Tensor2D, h: tf.Tensor2D) =>
      tf.basicLSTMCell(
        tf.scalar(1),
        named(new RegExp(`cell_${layer}/.*(kernel|weights)$`)) as tf.Tensor2D,
        named(new RegExp(`cell_${layer}/.*(bias|biases)$`)) as tf.Tensor1D,
        data,
        c,
        h,
      ),
  );
  let c = cells.map(() => tf.zeros<tf.Rank.R2>([1, units]));
  let h = cells.map(() => tf.zeros<tf.Rank.R2>([1, units]));
  return indices.map((index) => {
    const one = tf.cast(tf.oneHot([index], symbols.length), 'float32') as tf.Tensor2D;
    const embedding = tensors.get('embedding') as tf.Tensor2D | undefined;
    const data: tf.Tensor2D = embedding === undefined ? one : (tf.matMul(one, embedding) as tf.Tensor2D);
    [c, h] = tf.multiRNNCell(cells, data, c, h) as [tf.Tensor2D[], tf.Tensor2D[]];
    const top = tf.matMul(h[1] as tf.Tensor2D, named(/softmax_w$/) as tf.Tensor2D);
    return tf
      .add(top, named(/softmax_b$/))
      .dataSync()
      .slice() as Float32Array;
  });
}

let backend: EmbeddedBackend;
beforeAll(async () => {
  await tf.setBackend('cpu');
  backend = await loadWasmBackend({ threads: 1 });
});
afterAll(() => backend.dispose());

describe('ml5 folders', () => {
  test.each([
    ['with an embedding', true, false],
    ['without one', false, false],
    ['under the names of an early TensorFlow', true, true],
  ])('%s compute what TensorFlow.js computes', async (_, embedding, old) => {
    const weights = weightsOf(embedding, old);
    const { checkpoint } = await read(filesOf(weights));
    const { spec, vocabulary, origin } = checkpoint.metadata;
    expect(spec).toMatchObject({
      model: 'lstm',
      numLayers: 2,
      rnnSize: units,
      vocabularySize: symbols.length,
    });
    expect(origin).toMatchObject({ program: 'ml5', file: 'woolf' });
    expect(vocabulary).toEqual(symbols.toSorted());
    const network = backend.createSamplingNetwork(spec);
    network.importTensors(checkpoint.tensors);
    const indices = Array.from({ length: 30 }, (__, place) => (place * 7 + 2) % symbols.length);
    const expected = logitsOf(weights, indices);
    indices.forEach((index, place) => {
      const logits = network.sampleStep(vocabulary.indexOf(symbols[index] ?? ''));
      symbols.forEach((symbol, column) => {
        const here = logits[vocabulary.indexOf(symbol)] ?? NaN;
        expect(Math.abs(here - (expected[place]?.[column] ?? NaN))).toBeLessThan(1e-4);
      });
    });
    network.dispose();
  });

  test('packed, with the folder around it', async () => {
    const files = Object.entries(filesOf(weightsOf(true, false))).map(([name, bytes]) => [
      `woolf/${name}`,
      bytes,
    ]);
    const packed = zipOf(Object.fromEntries(files) as Record<string, Uint8Array>);
    const source = { name: 'woolf.zip', isFolder: false, files: new Map([['woolf.zip', packed]]) };
    const { checkpoint } = await readModel(source, { sha256, writtenBy: 'test' });
    expect(checkpoint.metadata.settings.name).toBe('woolf');
  });

  const good = filesOf(weightsOf(true, false));
  const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
  const manifest = JSON.parse(new TextDecoder().decode(good['manifest.json'])) as Record<
    string,
    { filename: string }
  >;

  test.each<[string, Record<string, Uint8Array>, RegExp]>([
    [
      'names a file outside',
      {
        'manifest.json': json({
          ...manifest,
          embedding: { ...manifest['embedding'], filename: '../weights_0' },
        }),
      },
      /missing/,
    ],
    [
      'names a file that is not there',
      {
        'manifest.json': json({ ...manifest, embedding: { ...manifest['embedding'], filename: 'nothing' } }),
      },
      /missing/,
    ],
    ['has a file of another length', { weights_0: new Uint8Array(4) }, /not as long/],
    [
      'has shapes that do not fit',
      { 'manifest.json': json({ ...manifest, embedding: { ...manifest['embedding'], shape: [7, 5] } }) },
      /fit together/,
    ],
    ['has a damaged manifest', { 'manifest.json': new Uint8Array(3) }, /manifest.json/],
    ['has another vocabulary', { 'vocab.json': json({ a: 0, b: 1 }) }, /fewer symbols/],
    ['has words for symbols', { 'vocab.json': json({ ab: 0 }) }, /single characters/],
    ['numbers a symbol twice', { 'vocab.json': json({ a: 0, b: 0 }) }, /first to last/],
  ])('a folder that %s is refused', async (_, change, sentence) => {
    await expect(read({ ...good, ...change })).rejects.toThrow(sentence);
  });

  test('another network is refused in words', async () => {
    const others = weightsOf(false, false);
    const renamed = Object.fromEntries(
      Object.entries(others).map(([name, value]) => [name.replaceAll('cell_', 'block_'), value]),
    );
    await expect(read(filesOf(renamed))).rejects.toThrow(/ml5’s charRNN does not have/);
  });
});
