import { describe, expect, test } from 'vitest';
import { readModel } from '../../../src/engine/exchange/import/read-model.ts';
import { assembleCheckpoint } from '../../../src/engine/exchange/import/assemble.ts';
import { readCharRnn } from '../../../src/engine/exchange/import/char-rnn/read.ts';
import { T7Table, type T7Object } from '../../../src/engine/exchange/t7/values.ts';
import { sha256 } from '../../../src/node/files/sha256.ts';
import { CharloomError } from '../../../src/shared/errors.ts';
import { charRnnFile, GraphBuilder, lstmFile } from '../../support/char-rnn-graphs.ts';
import { randomNumbers } from '../../support/networks.ts';
import { t7Fixture } from '../../support/t7-files.ts';
import { object } from '../../support/t7-writer.ts';

/** Either a model or an error with a sentence; anything else fails the test. */
async function outcome(bytes: Uint8Array, name: string): Promise<'model' | 'refused'> {
  try {
    const source = { name, isFolder: false, files: new Map([[name, bytes]]) };
    const { checkpoint } = await readModel(source, { sha256, writtenBy: 'test' });
    for (const { data } of checkpoint.tensors.values()) expect(data.every(Number.isFinite)).toBe(true);
    return 'model';
  } catch (error) {
    if (!(error instanceof CharloomError)) throw error;
    expect(['bad-checkpoint', 'incompatible']).toContain(error.code);
    return 'refused';
  }
}

/** Malicious values for sizes, counts, tags and indices. */
const evil = [0, 1, -1, 2, 3, 4, 8, 255, 0x7fffffff, -0x80000000, 0x10000, 1_000_000];

/** Where the structure of a file is: the beginning, the end, and what surrounds the first tensors. */
function mutated(bytes: Buffer, random: () => number): Buffer {
  const copy = Buffer.from(bytes);
  const pick = (below: number): number => Math.floor(random() * below);
  for (let count = 1 + pick(3); count > 0; count--) {
    const at = random() < 0.5 ? pick(Math.min(copy.length, 4000)) : pick(copy.length);
    const kind = pick(3);
    if (kind === 0) copy[at] = pick(256);
    else if (kind === 1 && at + 4 <= copy.length) copy.writeInt32LE(evil[pick(evil.length)] ?? 0, at);
    else if (at + 8 <= copy.length) copy.writeBigInt64LE(BigInt(evil[pick(evil.length)] ?? 0), at);
  }
  return random() < 0.1 ? copy.subarray(0, pick(copy.length)) : copy;
}

describe('manipulated files', () => {
  test.each([
    ['a graph of char-rnn', lstmFile('reshape'), 3000],
    ['char-rnn on bytes', t7Fixture('bytes-lstm-1x16'), 300],
    ['torch-rnn', t7Fixture('torch-rnn-rnn-1x64'), 300],
    ['every kind of value', t7Fixture('all-types'), 2000],
    ['ASCII', t7Fixture('ascii-lstm-1x32'), 30],
  ])('%s: always a model or a sentence', async (name, bytes, times) => {
    const random = randomNumbers(name.length);
    const outcomes = new Set<string>();
    for (let time = 0; time < times; time++) outcomes.add(await outcome(mutated(bytes, random), 'lm.t7'));
    expect(outcomes).toContain('refused');
  });
});

describe('malformed graphs', () => {
  test('nodes that depend on each other in a cycle are refused', async () => {
    const a = object('nngraph.Node');
    const data = { table: [] as [string, unknown][] };
    const list = { table: [[1, data]] };
    data.table.push(['module', object('nn.Identity')], ['mapindex', list]);
    Object.assign(a as object, { fields: { table: [['data', data]] } });
    const rnn = object('nn.gModule', {
      nInputs: 3,
      innode: a,
      outnode: a,
      forwardnodes: { table: [[1, a]] },
    });
    expect(await outcome(charRnnFile(rnn), 'lm.t7')).toBe('refused');
  });

  test('a chain of sums that doubles at each node is answered immediately', async () => {
    const graph = new GraphBuilder(2);
    let node = graph.input(1);
    for (let depth = 0; depth < 1000; depth++) node = graph.apply(object('nn.CAddTable'), node, node);
    const softmax = graph.apply(object('nn.LogSoftMax'), graph.apply(object('nn.Tanh'), node));
    expect(await outcome(charRnnFile(graph.finish([node, softmax])), 'lm.t7')).toBe('refused');
  });

  test('more nodes than any network has are refused before they are read', async () => {
    const graph = new GraphBuilder(2);
    const node = graph.input(1);
    for (let count = 0; count < 5000; count++) graph.apply(object('nn.Identity'), node);
    expect(await outcome(charRnnFile(graph.finish([node, node])), 'lm.t7')).toBe('refused');
  });

  test('a billion inputs, and tables that are their own fields, are refused', async () => {
    const rnn = object('nn.gModule', { nInputs: 1e9 });
    expect(await outcome(charRnnFile(rnn), 'lm.t7')).toBe('refused');
    const root = new T7Table();
    const loop: T7Object = { kind: 'object', className: 'nn.gModule', fields: root };
    for (const key of ['protos', 'vocab', 'rnn', 'opt', 'innode', 'outnode', 'forwardnodes', 'softmax']) {
      root.entries.set(key, key === 'protos' || key === 'vocab' ? root : loop);
    }
    root.entries.set('nInputs', 3);
    expect(() => assembleCheckpoint(readCharRnn(root, 'a.t7'), { writtenBy: 'test' })).toThrow(CharloomError);
  });
});
