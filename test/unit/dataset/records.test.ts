import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBatch, readChunk } from '../../../src/engine/dataset/batches.ts';
import type { Corpus } from '../../../src/engine/dataset/corpus.ts';
import { findRecords, requireRecords, shuffleRecords } from '../../../src/engine/dataset/records.ts';
import { planChunks } from '../../../src/shared/planning/plan.ts';

/** A text of characters as the model reads it. */
function corpusOf(text: string): Pick<Corpus, 'symbols' | 'vocabulary'> {
  const characters = [...text];
  const codes = [...new Set(characters.map((each) => each.codePointAt(0) ?? 0))].sort((a, b) => a - b);
  const symbols = Uint16Array.from(characters, (each) => codes.indexOf(each.codePointAt(0) ?? 0));
  return { symbols, vocabulary: { mode: 'characters', codes } };
}

const placesOf = (text: string, setting: string): number[] | undefined => {
  const records = findRecords(corpusOf(text), setting);
  return records && [...records.starts].flatMap((start, index) => (start === 1 ? [index] : []));
};

describe('records', () => {
  it('begin at the first symbol and with the last symbol of every separator', () => {
    expect(placesOf('ab\ncd\n', 'line')).toEqual([0, 2, 5]);
    expect(placesOf('ab\n\ncd\n\nef', '\\n\\n')).toEqual([0, 3, 7]);
    expect(placesOf('one***two', '***')).toEqual([0, 5]);
    // Separators do not overlap.
    expect(placesOf('a====b', '==')).toEqual([0, 2, 4]);
  });

  it('are counted whether or not the last one is closed', () => {
    expect(findRecords(corpusOf('ab\ncd\n'), 'line')?.count).toBe(2);
    expect(findRecords(corpusOf('ab\ncd'), 'line')?.count).toBe(2);
  });

  it('are the lines that splitting gives, in any text', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('a', 'é', '😀', ' ') }), { minLength: 2 }),
        (lines) => {
          const text = lines.join('\n');
          const starts = placesOf(text, 'line') ?? [];
          const ends = [...text].flatMap((each, index) => (each === '\n' ? [index] : []));
          expect(starts).toEqual([...new Set([0, ...ends])]);
        },
      ),
    );
  });

  it('work in bytes as in characters', () => {
    const bytes = new TextEncoder().encode('aé¶bé¶');
    const codes = [...new Set(bytes)].sort((a, b) => a - b);
    const symbols = Uint8Array.from(bytes, (byte) => codes.indexOf(byte));
    const records = findRecords({ symbols, vocabulary: { mode: 'bytes', codes } }, '¶');
    // The separator is two bytes long.
    expect([...(records?.starts ?? [])]).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
  });

  it('are none when off, and refused where the separator does not occur', () => {
    expect(findRecords(corpusOf('ab'), 'off')).toBeUndefined();
    expect(() => requireRecords(corpusOf('ab'), 'off')).not.toThrow();
    expect(() => requireRecords(corpusOf('ab'), 'line')).toThrow(/only one line/);
    expect(() => requireRecords(corpusOf('a*b'), '***')).toThrow(/\*\*\*/);
  });

  it('are shuffled as wholes, by the seed, and what follows the last separator stays last', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('a', 'b', ' '), maxLength: 4 }), {
          minLength: 2,
          maxLength: 20,
        }),
        fc.nat(1000),
        (lines, seed) => {
          const corpus = corpusOf(lines.join('\n'));
          const shown = ({ symbols, vocabulary }: typeof corpus): string[] =>
            Array.from(symbols, (index) => String.fromCodePoint(vocabulary.codes[index] ?? 0))
              .join('')
              .split('\n');
          const shuffled = shown(shuffleRecords(corpus, 'line', seed));
          expect(shuffled.at(-1)).toBe(lines.at(-1));
          expect(shuffled.toSorted()).toEqual(lines.toSorted());
          expect(shown(shuffleRecords(corpus, 'line', seed))).toEqual(shuffled);
        },
      ),
    );
    const many = corpusOf(Array.from({ length: 200 }, (_, line) => 'x'.repeat(line)).join('\n'));
    const orders = [1, 2].map((seed) => [...shuffleRecords(many, 'line', seed).symbols]);
    expect(orders[0]).not.toEqual(orders[1]);
    expect(orders[0]).not.toEqual([...many.symbols]);
    expect([...shuffleRecords(many, 'off', 1).symbols]).toEqual([...many.symbols]);
  });

  it('reach the batch where their symbols are', () => {
    const text = 'abc\ndefgh\nij\nklmnop\nqrstuvw\nx\nyzabcdefgh\nijklmnopqrs\n';
    const { symbols } = corpusOf(text);
    const starts = findRecords(corpusOf(text), 'line')?.starts;
    const plan = planChunks({
      ...{ characters: symbols.length, batchSize: 3, sequenceLength: 4, maxEpochs: 1, maxIterations: 0 },
      ...{ trainFraction: 0.5, validationFraction: 0.25 },
    });
    const batch = createBatch(plan, true);
    const lineEnd = symbols[3];
    for (let chunk = 0; chunk < plan.chunks.total; chunk++) {
      readChunk({ symbols, starts }, plan, chunk, batch);
      batch.x.forEach((symbol, index) => {
        const isFirst = chunk === 0 && index === 0;
        expect(batch.starts?.[index]).toBe(Number(isFirst || symbol === lineEnd));
      });
    }
  });
});
