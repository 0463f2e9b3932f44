import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clean, cleaningFunctions } from '../../../src/engine/documents/cleaning/clean.ts';
import { isWrapped } from '../../../src/engine/documents/cleaning/hard-wraps.ts';
import { cleaningStepNames, usualSteps, type CleaningStep } from '../../../src/shared/domain/cleaning.ts';
import { documentKinds } from '../../../src/shared/domain/document-kinds.ts';

const done = (step: CleaningStep, text: string): string => cleaningFunctions[step](text).text;

/** Texts that people train on and that look odd to a careless cleaner. */
const precious: Readonly<Record<string, string>> = {
  verse:
    'Tyger Tyger, burning bright,\nIn the forests of the night;\n\n  What immortal hand or eye,\n  Could frame thy fearful symmetry?\n',
  code: 'for (let i = 0; i < n; i++) {\n\tif (a && b) {\n\t\treturn "x"; // --\n\t}\n}\n',
  chess:
    '[Event "F/S Return Match"]\n[Date "1992.11.04"]\n\n1. e4 e5 2. Nf3 Nc6 3. Bb5 a6 {This opening is called the Ruy Lopez.} 4. Ba4\n',
  'ABC music': 'X:1\nT:The Legacy Jig\nM:6/8\nL:1/8\nK:G\nGFG BAB | gfg gab | GFG BAB | d2A AFD |\n',
  Hindi: 'क्‍षेत्र और र्‍य, श्री‌मान\n',
  Persian: 'می‌خواهم کتاب‌ها را بخوانم\n',
  Khmer: 'ភាសា​ខ្មែរ\n',
  emoji: '👩‍👩‍👧 🏳️‍🌈 👨🏽‍🚀 ❤️‍🔥\n',
  accents: 'Ærøskøbing, Łódź, naïve café, «É», GROẞ »ÜBER«\n',
  Japanese: '吾輩は猫である。名前はまだ無い。\n',
};

describe('what must be left alone', () => {
  test.each(Object.entries(precious))('%s, by all usual and offered steps', (_, text) => {
    const steps = cleaningStepNames.filter((step) => step !== 'punctuation');
    expect(clean(text, steps).text).toBe(text);
    expect(clean(text, steps).counts.every(({ count }) => count === 0)).toBe(true);
  });

  test('a plain text, which is changed only on request', () => {
    expect(usualSteps('text')).toEqual([]);
    for (const kind of documentKinds.filter((each) => each !== 'text')) {
      expect(usualSteps(kind)).toEqual(['line-ends', 'invisible', 'unicode-form', 'gutenberg', 'spacing']);
    }
  });
});

describe('steps', () => {
  test.each([
    ['line-ends', 'a\r\nb\rc\u2028d\n', 'a\nb\nc\nd\n', 3],
    ['mojibake', 'CafÃ© â€œfÃ¼râ€\u009d Ð¿Ñ€Ð¸Ð²ÐµÑ‚', 'Café “für” привет', 5],
    ['mojibake', 'doesnâ€™t, twice: Ã¢â‚¬â„¢', 'doesn’t, twice: ’', 3],
    [
      'entities',
      'AT&amp;T &lt;b&gt; &#8212; &#x41; &amp;amp; &unknown; &copy',
      'AT&T <b> — A & &unknown; &copy',
      7,
    ],
    [
      'invisible',
      '\ufeffsoft\u00adhyphen zero\u200bwidth \u200emark a\u200db',
      'softhyphen zerowidth mark ab',
      5,
    ],
    ['unicode-form', 'cafe\u0301 \u1112\u1161\u11ab', 'café 한', 2],
    ['punctuation', '“It’s”—yes… 1–2', '"It\'s"--yes... 1-2', 6],
    ['spacing', 'a  \nb\t\n\n\n\n\nc ', 'a\nb\n\n\nc', 4],
  ] as [CleaningStep, string, string, number][])('%s: %j', (step, before, after, count) => {
    const result = cleaningFunctions[step](before);
    expect(result.text).toBe(after);
    expect(result.count).toBe(count);
    for (const example of result.examples) expect(example.before).not.toBe(example.after);
    expect(result.examples[0]?.at).toBe(before.indexOf(result.examples[0]?.before ?? ''));
  });

  test('Project Gutenberg’s frame, and only at the edges', () => {
    const head =
      'The Project Gutenberg eBook of X\n\nTitle: X\n\n*** START OF THE PROJECT GUTENBERG EBOOK X ***\n\n\n';
    const tail = '\n\n\n*** END OF THE PROJECT GUTENBERG EBOOK X ***\n\nSection 1. General Terms\n';
    const book = 'CHAPTER 1\n\nIt was a dark night.\n';
    expect(done('gutenberg', head + book + tail)).toBe(book);
    expect(done('gutenberg', head + book)).toBe(book);
    const long = 'A line of a long book, and more of it here.\n'.repeat(4000);
    expect(done('gutenberg', long + head + book + tail + long)).toBe(long + head + book + tail + long);
  });

  const words =
    'Call me Ishmael. Some years ago, never mind how long precisely, having little or no money in my purse, and nothing particular to interest me on shore, I thought I would sail about a little and see the watery part of the world. It is a way I have of driving off the spleen, and regulating the circulation. Whenever I find myself growing grim about the mouth, I account it high time to get to sea as soon as I can.'.split(
      ' ',
    );
  const wrap = (columns: number): string => {
    const lines = [''];
    for (const word of words) {
      const line = lines.at(-1) ?? '';
      if (`${line} ${word}`.length <= columns) lines[lines.length - 1] = `${line} ${word}`.trim();
      else lines.push(word);
    }
    return lines.join('\n');
  };

  test.each([64, 68, 72, 79])(
    'wrapped lines of %i columns become paragraphs, verse between them stays',
    (columns) => {
      const paragraph = words.join(' ');
      const poem = 'My love is like a red, red rose\nThat’s newly sprung in June;';
      const text = `${wrap(columns)}\n\n${wrap(columns)}\n\n${poem}\n\n${wrap(columns)}\n`;
      expect(isWrapped(text)).toBe(true);
      expect(done('hard-wraps', text)).toBe(`${paragraph}\n\n${paragraph}\n\n${poem}\n\n${paragraph}\n`);
    },
  );
});

describe('a repeated step changes nothing', () => {
  const bits = fc.constantFrom(
    ...[
      'a',
      'É',
      '»',
      'Ã',
      '©',
      'â',
      '€',
      '™',
      '\u200d',
      '\u200c',
      '\u200b',
      '\ufeff',
      '\u00ad',
      'क',
      '्',
      'ی',
      '👩',
      '\u0301',
    ],
    ...[' ', '  ', '\t', '\n', '\r\n', '\r', '\n\n\n\n', '&amp;', 'amp;', '&', '#38;', '“', '—', '…'],
    ...['*** START OF THE PROJECT GUTENBERG EBOOK X ***\n', '*** END OF THE PROJECT GUTENBERG EBOOK X ***\n'],
    ...['some words that fill a line of a text up to its sixtieth col', 'a short line', 'x'.repeat(70)],
  );
  test.each(cleaningStepNames)('%s', (step) => {
    fc.assert(
      fc.property(fc.array(bits, { maxLength: 60 }), (parts) => {
        const once = done(step, parts.join(''));
        expect(done(step, once)).toBe(once);
        expect(cleaningFunctions[step](once).count).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  test.each(cleaningStepNames)('and takes time in proportion to the text: %s', (step) => {
    const hostile = [
      ' '.repeat(400_000),
      '\n'.repeat(400_000),
      '&'.repeat(400_000),
      'Ã'.repeat(400_000),
      '\u0301'.repeat(400_000),
      '*'.repeat(400_000),
    ];
    const began = performance.now();
    for (const text of hostile) done(step, `${text}x`);
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});
