import { describe, expect, test } from 'vitest';
import { looksLikeT7, readT7 } from '../../../src/engine/exchange/t7/read-t7.ts';
import { numbersOf } from '../../../src/engine/exchange/t7/tensors.ts';
import type { T7Table, T7Value } from '../../../src/engine/exchange/t7/values.ts';
import { t7Fixture } from '../../support/t7-files.ts';
import { T7Writer, listed, named } from '../../support/t7-writer.ts';

const allTypes = readT7(t7Fixture('all-types')) as T7Table;

function field(name: string): T7Value {
  return allTypes.get(name);
}

function refusal(bytes: Uint8Array): string {
  try {
    readT7(bytes);
  } catch (error) {
    expect(error).toMatchObject({ code: 'bad-checkpoint' });
    return (error as Error).message;
  }
  throw new Error('it was read');
}

describe('every kind of value that Torch writes', () => {
  test('plain ones', () => {
    expect([field('bool_t'), field('bool_f'), field('num'), field('neg')]).toEqual([true, false, 1.5, -0]);
    expect([field('inf'), field('str'), field('empty')]).toEqual([Infinity, 'a\u0000bÿ', '']);
    expect((field('list') as T7Table).list()).toEqual([10, 20, 30]);
    expect(field('nothing')).toBeNull();
  });

  test('tables that occur in two places, and in themselves', () => {
    expect(field('shared1')).toBe(field('shared2'));
    expect(field('self')).toBe(allTypes);
  });

  test('functions, whose code is skipped', () => {
    expect(field('fn')).toEqual({ kind: 'function' });
  });

  test('tensors, as views of their storages', () => {
    const rows = numbersOf(field('double'), [2, 3]);
    const turned = numbersOf(field('transposed'), [3, 2]);
    expect(rows).toHaveLength(6);
    expect(Array.from(turned ?? [])).toEqual([0, 3, 1, 4, 2, 5].map((index) => rows?.[index]));
    // Its numbers are one, repeated: as weights such a tensor could be of any size.
    expect(numbersOf(field('expanded'), [2, 3])).toBeUndefined();
    expect(numbersOf(field('double'), [3, 2])).toBeUndefined();
    for (const name of ['byte', 'char', 'short', 'int', 'long']) {
      const value = field(name);
      const shape = typeof value === 'object' && value?.kind === 'tensor' ? value.shape : [];
      expect(numbersOf(value, shape)?.every(Number.isInteger), name).toBe(true);
    }
  });

  test('objects without references to them', () => {
    const root = readT7(t7Fixture('unreferenced')) as T7Table;
    const [x, y] = [root.get('x'), root.get('y')] as [T7Table, T7Table];
    expect(x).not.toBe(y);
    expect([x.get('a'), x.get('b'), x.get('d')]).toEqual([y.get('a'), y.get('b'), y.get('d')]);
  });

  test('the same in ASCII', () => {
    const [binary, ascii] = ['lstm-1x32', 'ascii-lstm-1x32'].map(
      (name) => readT7(t7Fixture(name)) as T7Table,
    );
    for (const name of ['i', 'epoch', 'val_loss']) expect(ascii?.get(name), name).toBe(binary?.get(name));
    const [opt, same] = [ascii?.get('opt'), binary?.get('opt')] as [T7Table, T7Table];
    expect(new Map(opt.entries)).toEqual(new Map(same.entries));
  });
});

describe('hostile and damaged files', () => {
  test('a file that ends anywhere is refused', () => {
    const bytes = t7Fixture('all-types');
    for (let length = 0; length < bytes.length; length++) {
      expect(refusal(bytes.subarray(0, length))).toMatch(/cut short/);
    }
    expect(refusal(Buffer.concat([bytes, Buffer.alloc(1)]))).toMatch(/at its end/);
  });

  test.each([
    ['a table', (writer: T7Writer) => writer.int(3).int(1).int(0x7fffffff)],
    ['a table of less than nothing', (writer: T7Writer) => writer.int(3).int(1).int(-1)],
    ['a text', (writer: T7Writer) => writer.int(2).int(0x7fffffff)],
    [
      'a storage',
      (writer: T7Writer) =>
        writer
          .int(4)
          .int(1)
          .text('V 1')
          .text('torch.DoubleStorage')
          .long(2 ** 52),
    ],
    ['a function', (writer: T7Writer) => writer.int(8).int(1).int(0x7fffffff)],
  ])('%s that is larger than its file is refused before room is made', (_, write) => {
    const writer = new T7Writer();
    write(writer);
    expect(refusal(writer.bytes)).toMatch(/cut short/);
  });

  test('a storage of more numbers than there are is refused', () => {
    const writer = new T7Writer();
    writer.int(4).int(1).text('V 1').text('torch.FloatStorage').long(Number.MAX_SAFE_INTEGER);
    expect(refusal(writer.bytes)).toMatch(/cut short/);
  });

  test('a tensor that reaches beyond its numbers is refused', () => {
    for (const [size, stride, start] of [
      [3, 1, 1],
      [2, 2, 1],
      [2, 1, 2],
      [2, -1, 2],
      [-2, 1, 1],
      [2, 1, 0],
    ] as const) {
      const writer = new T7Writer();
      writer.int(4).int(1).text('V 1').text('torch.DoubleTensor').int(1).long(size).long(stride).long(start);
      writer.int(4).int(2).text('V 1').text('torch.DoubleStorage').long(2).double(1).double(2);
      expect(refusal(writer.bytes)).toMatch(/tensor/);
    }
  });

  test('a hundred thousand nested tables are read without a deep stack', () => {
    const writer = new T7Writer();
    const depth = 100_000;
    for (let index = 1; index <= depth; index++) writer.int(3).int(index).int(1).int(1).double(1);
    writer.int(5).int(1);
    let value = readT7(writer.bytes);
    for (let index = 0; index < depth; index++) value = (value as T7Table).get(1);
    expect(value).toBe(true);
  });

  test('a table with nil as a key, and an unknown type, are refused', () => {
    expect(refusal(new T7Writer().int(3).int(1).int(1).int(0).int(5).int(1).bytes)).toMatch(/key/);
    expect(refusal(new T7Writer().int(9).bytes)).toMatch(/unknown kind/);
  });
});

test('a .t7 file is known by its beginning', () => {
  expect(looksLikeT7(t7Fixture('ascii-lstm-1x32'))).toBe(true);
  expect(looksLikeT7(t7Fixture('torch-rnn-rnn-1x64'))).toBe(true);
  expect(looksLikeT7(T7Writer.file(named({ a: listed([1]) })))).toBe(true);
  expect(looksLikeT7(Buffer.from('3\n1 verse\n'))).toBe(false);
  expect(looksLikeT7(Buffer.alloc(0))).toBe(false);
});
