import { describe, expect, test } from 'vitest';
import { readModel } from '../../../src/engine/exchange/import/read-model.ts';
import { encodeCheckpoint } from '../../../src/engine/checkpoints/codec.ts';
import { encodeHeader } from '../../../src/engine/checkpoints/safetensors.ts';
import type { TensorData } from '../../../src/engine/backends/backend.ts';
import { sha256 } from '../../../src/node/files/sha256.ts';
import { CharloomError } from '../../../src/shared/errors.ts';
import { randomNumbers } from '../../support/networks.ts';
import { t7Fixture } from '../../support/t7-files.ts';
import { zipOf } from '../../support/documents.ts';

const options = { sha256, writtenBy: 'test' };

function readFile(bytes: Uint8Array, name: string) {
  return readModel({ name, isFolder: false, files: new Map([[name, bytes]]) }, options);
}

function readFolder(files: Readonly<Record<string, Uint8Array>>) {
  return readModel({ name: 'folder', isFolder: true, files: new Map(Object.entries(files)) }, options);
}

const text = (content: string): Uint8Array => new TextEncoder().encode(content);

describe('files that are refused, each with its own sentence', () => {
  const table = Buffer.concat([Buffer.alloc(40), Buffer.from('57fb808b247547db', 'hex')]);
  const sentences = new Set<string>();

  test.each([
    ['weights.hdf5', Buffer.from('894844460d0a1a0a00', 'hex'), /textgenrnn/],
    ['model.ckpt-1000.index', table, /TensorFlow 1/],
    ['model.ckpt-1000.data-00000-of-00001', Buffer.alloc(64, 7), /TensorFlow 1/],
    ['checkpoint', Buffer.from('model_checkpoint_path: "model.ckpt-1000"\n'), /TensorFlow 1/],
    ['model.pt', Buffer.from('800263', 'hex'), /pickle/],
    ['model.pth', zipOf({ 'archive/data.pkl': text('x'), 'archive/version': text('3') }), /pickle/],
    ['pytorch_model.bin', Buffer.alloc(64, 1), /pickle/],
    ['model.onnx', Buffer.from('08071200', 'hex'), /ONNX/],
    ['novel.txt', Buffer.from('Call me Ishmael.'), /no model/],
    ['empty.t7', Buffer.alloc(0), /no model/],
  ])('%s', async (name, bytes, sentence) => {
    const error = await readFile(bytes, name).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CharloomError);
    expect((error as CharloomError).message).toMatch(sentence);
    expect((error as CharloomError).fix).toBeTruthy();
    sentences.add((error as CharloomError).message);
  });

  test('a folder with two models, and one with none', async () => {
    const model = t7Fixture('lstm-1x32');
    await expect(readFolder({ 'a.t7': model, 'b.t7': model })).rejects.toThrow(/more than one model/);
    await expect(readFolder({ 'a.txt': text('a') })).rejects.toThrow(/no model/);
    await expect(
      readFolder({ checkpoint: text('model_checkpoint_path: "m"'), 'm.meta': text('x') }),
    ).rejects.toThrow(/TensorFlow 1/);
  });
});

describe('a model among other files', () => {
  test('the one model of a folder or an archive is read', async () => {
    const model = t7Fixture('rnn-2x64');
    const packed = zipOf({ 'cv/lm_rnn.t7': model, 'cv/notes.txt': text('good') });
    for (const read of [
      readFolder({ 'notes.txt': text('good'), 'lm_rnn.t7': model }),
      readFile(packed, 'cv.zip'),
    ]) {
      const { checkpoint } = await read;
      expect(checkpoint.metadata.spec.model).toBe('rnn');
      expect(checkpoint.metadata.origin?.file).toBe('lm_rnn.t7');
    }
  });

  test('archives that hold archives, unpack to too much or are damaged are refused', async () => {
    const inner = zipOf({ 'lm.t7': t7Fixture('rnn-2x64') });
    await expect(readFile(zipOf({ 'inner.zip': inner }), 'outer.zip')).rejects.toThrow(/no model/);
    await expect(readFile(zipOf({ 'a.t7': new Uint8Array(100 << 20) }), 'bomb.zip')).rejects.toThrow(
      /unpacks/,
    );
    await expect(readFile(inner.subarray(0, 1000), 'cut.zip')).rejects.toMatchObject({
      code: 'bad-checkpoint',
    });
  });
});

describe('safetensors', () => {
  const random = randomNumbers(3);
  function tensor(...shape: readonly number[]): TensorData {
    const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random() - 0.5);
    return { shape, data };
  }
  function file(
    tensors: Readonly<Record<string, TensorData>>,
    metadata: Readonly<Record<string, string>>,
  ): Buffer {
    const all = new Map(Object.entries(tensors));
    const data = [...all.values()].map(({ data: numbers }) => new Uint8Array(numbers.buffer));
    return Buffer.concat([encodeHeader(all, metadata), ...data]);
  }
  const named = (gates: number): Readonly<Record<string, TensorData>> => ({
    'layers.0.wx': tensor(gates * 4, 3),
    'layers.0.wh': tensor(gates * 4, 4),
    'layers.0.bx': tensor(gates * 4),
    'layers.0.bh': tensor(gates * 4),
    'decoder.w': tensor(3, 4),
    'decoder.b': tensor(3),
  });
  const vocabulary = JSON.stringify(['a', 'b', 'é']);

  test.each([
    ['lstm', 4],
    ['gru', 3],
    ['rnn', 1],
  ])('tensors under our names are a %s', async (model, gates) => {
    const tensors = named(gates);
    const { checkpoint } = await readFile(file(tensors, { vocabulary }), 'verses.safetensors');
    expect(checkpoint.metadata).toMatchObject({
      spec: { model, rnnSize: 4, numLayers: 1, vocabularySize: 3 },
      vocabulary: ['a', 'b', 'é'],
      origin: { program: 'safetensors', file: 'verses.safetensors' },
      settings: { name: 'verses' },
    });
    for (const [name, { data }] of Object.entries(tensors)) {
      expect(checkpoint.tensors.get(name)?.data).toEqual(data);
    }
  });

  test.each([
    ['a vocabulary is missing', {}, /vocabulary/],
    ['a vocabulary has another size', { vocabulary: '["a"]' }, /another number of symbols/],
    ['a vocabulary is out of order', { vocabulary: '["b","a","é"]' }, /out of order/],
    ['a vocabulary is no list', { vocabulary: '{' }, /no list/],
  ])('is refused where %s', async (_, metadata, sentence) => {
    const read = readFile(file(named(4), metadata as Record<string, string>), 'x.safetensors');
    await expect(read).rejects.toThrow(sentence);
  });

  test('other names, another shape and numbers that are none are refused', async () => {
    const other = file({ 'lstm.weight_ih_l0': tensor(4, 3) }, { vocabulary });
    await expect(readFile(other, 'x.safetensors')).rejects.toThrow(/Charloom’s names/);
    const misshapen = file({ ...named(4), 'layers.0.wx': tensor(16, 2) }, { vocabulary });
    await expect(readFile(misshapen, 'x.safetensors')).rejects.toThrow(/16x2/);
    const exploded = { ...named(4), 'decoder.b': { shape: [3], data: Float32Array.of(1, NaN, 1) } };
    await expect(readFile(file(exploded, { vocabulary }), 'x.safetensors')).rejects.toThrow(/no number/);
  });

  test('a checkpoint of Charloom keeps its metadata, and nothing that only its run needs', async () => {
    const { checkpoint } = await readFile(t7Fixture('gru-2x64'), 'lm_poems_epoch0.47_2.4050.t7');
    const { pieces } = encodeCheckpoint(checkpoint, sha256);
    const again = await readFile(Buffer.concat([...pieces]), 'given.safetensors');
    expect(again.checkpoint.metadata).toMatchObject({
      validationLoss: checkpoint.metadata.validationLoss,
      settings: { name: 'poems' },
      origin: { program: 'charloom', file: 'given.safetensors', tellsText: false },
    });
    expect([...again.checkpoint.tensors.keys()]).toEqual([...checkpoint.tensors.keys()]);
  });
});
