import { describe, expect, test } from 'vitest';
import type { Colophon } from '../../../src/shared/domain/colophon.ts';
import { defaultSampleSettings } from '../../../src/shared/domain/sample-settings.ts';
import { bookletHtml, type BookletParts } from '../../../src/shared/format/booklet.ts';
import { readColophon } from '../../../src/shared/format/read-colophon.ts';

const colophon: Colophon = {
  format: 'charloom-colophon',
  version: 1,
  writtenBy: '0.1.0',
  variant: 'relaxed',
  checkpoint: { checksum: `sha256:${'ab'.repeat(32)}`, name: 'x.safetensors', epoch: 2, validationLoss: 1.5 },
  model: '2 LSTM layers of 128 units each, 242,881 parameters',
  learned: { sha256: 'cd'.repeat(32), bytes: 10, characters: 9 },
  symbols: 'characters',
  settings: { ...defaultSampleSettings, primeText: 'The ', length: 5, temperature: 0.7 },
  parts: [
    { from: 0, chosen: [[1, 0x41]] },
    { from: 3, chosen: [] },
  ],
  sha256: 'ef'.repeat(32),
};

function booklet(changes: Partial<BookletParts> = {}): string {
  const parts = { title: 'A title', author: '', paper: 'A5', openingWords: 'The ', text: 'whale' } as const;
  return bookletHtml({ ...parts, colophon, ...changes });
}

describe('a booklet', () => {
  test('holds its colophon for programs, and in words for people', () => {
    const html = booklet();
    expect(readColophon(html)).toEqual(colophon);
    expect(html).toContain('seed 123, temperature 0.7');
    expect(html).toContain(
      '1 symbol was chosen by hand, or written with other settings, by position: 2 “A”.',
    );
    expect(html).toContain('The random numbers start again at position 4.');
    expect(html).toContain('charloom sample --from-colophon FILE');
  });

  test('names some of many chosen symbols, and holds all', () => {
    const chosen = Array.from({ length: 500 }, (_, at): [number, number] => [at, 0x41]);
    const html = booklet({ colophon: { ...colophon, parts: [{ from: 0, chosen }] } });
    expect(html).toContain('and 460 more, which are in the file');
    expect(readColophon(html).parts[0]?.chosen).toEqual(chosen);
  });

  test.each([
    ['A5', '148mm 210mm'],
    ['letter', '8.5in 11in'],
  ] as const)('is laid out for %s', (paper, size) => {
    expect(booklet({ paper })).toContain(`size: ${size}`);
  });

  test('lets no text end an element', () => {
    const hostile = '</script><script>alert(1)</script><!--\u2028 &amp;';
    const settings = { ...colophon.settings, primeText: hostile };
    const html = booklet({
      ...{ title: hostile, author: hostile, openingWords: hostile, text: hostile },
      colophon: { ...colophon, settings },
    });
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).not.toContain('<!--');
    expect(readColophon(html).settings.primeText).toBe(hostile);
  });

  test('that is none, or is damaged, is refused with a sentence', () => {
    for (const broken of ['', '<html></html>', booklet().replace('"version":1', '"version":9')]) {
      expect(() => readColophon(broken)).toThrow(expect.objectContaining({ code: 'bad-text' }));
    }
  });
});
