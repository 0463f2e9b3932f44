import { describe, expect, it } from 'vitest';
import { labelPositions } from '../../../src/engine/inspection/properties/label.ts';
import type { BuiltInProperty, PropertyRequest } from '../../../src/shared/domain/inspected-properties.ts';
import { inspectedText } from '../../support/inspections.ts';

/** The parts of a text in which a property holds. */
function parts(text: string, property: BuiltInProperty | PropertyRequest): string[] {
  const request = typeof property === 'string' ? ({ kind: 'built-in', name: property } as const) : property;
  const labels = labelPositions(inspectedText(text), request);
  const marked = Array.from(text, (character, at) => (labels[at] === 1 ? character : '\0')).join('');
  return marked.split('\0').filter((part) => part !== '');
}

function numbers(text: string, name: BuiltInProperty): number[] {
  return [...labelPositions(inspectedText(text), { kind: 'built-in', name })];
}

describe('properties of a text at each character', () => {
  it('straight quotation marks by parity, which a blank line resets', () => {
    expect(parts('He said "go on" and "stay.\n\nThen "no" it', 'quotes')).toEqual([
      '"go on',
      '"stay.\n',
      '"no',
    ]);
    expect(parts('"a\r\n\r\n"b" c', 'quotes')).toEqual(['"a\r\n', '"b']);
    expect(parts('"a\n  \n"b" c', 'quotes')).toEqual(['"a\n  ', '"b']);
  });

  it('quotation marks of other languages', () => {
    expect(parts('Er sagte: „Komm“ und „geh”. So', 'quotes')).toEqual(['„Komm', '„geh']);
    expect(parts('Il dit « viens » puis', 'quotes')).toEqual(['« viens ']);
    expect(parts('Er sagte »komm« und ‹geh›', 'quotes')).toEqual(['»komm', '‹geh']);
    expect(parts('Hon sa ”kom” och gick', 'quotes')).toEqual(['”kom']);
    expect(parts('“One.\n\n“Two,” he said', 'quotes')).toEqual(['“One.\n', '“Two,']);
    expect(parts('彼は「行く」と言った', 'quotes')).toEqual(['「行く']);
  });

  it('no apostrophe is a quotation mark; single ones count where there are no double ones', () => {
    expect(parts("I don't know, it's John's; the boys' own", 'quotes')).toEqual([]);
    expect(parts('‘I don’t,’ he said', 'quotes')).toEqual(['‘I don’t,']);
    expect(parts("'I don't,' he said", 'quotes')).toEqual(["'I don't,"]);
    expect(parts('"I \'know\' it" so', 'quotes')).toEqual(["\"I 'know' it"]);
  });

  it('nested brackets; an unclosed one opens nothing', () => {
    expect(parts('a (b [c] d) e', 'brackets')).toEqual(['(b [c] d']);
    expect(parts('a) b (c and on', 'brackets')).toEqual([]);
    expect(parts(`(${'x'.repeat(3000)})`, 'brackets')).toEqual([]);
  });

  it('a custom pair of marks, equal or different', () => {
    expect(parts('a <!-- b --> c', { kind: 'pair', open: '<!--', close: '-->' })).toEqual(['- b ']);
    expect(parts('a *b c* d *e\n\nf *g* h', { kind: 'pair', open: '*', close: '*' })).toEqual([
      '*b c',
      '*e\n',
      '*g',
    ]);
  });

  it('after a word, to the end of its sentence, and not inside another word', () => {
    const word = { kind: 'word', word: 'whale' } as const;
    expect(parts('a whale swims. whalebone too, the whale', word)).toEqual(['e swims', 'e']);
  });

  it('words, capitals and digits of any script', () => {
    expect(parts('Ärger übt. Это', 'word-start')).toEqual(['Ä', 'ü', 'Э']);
    expect(parts('Ärger ÜBT Это', 'capital')).toEqual(['Ä', 'ÜBT', 'Э']);
    expect(parts('Ärger ÜBT Это', 'capitals')).toEqual(['BT']);
    expect(parts('im Jahr 1912, ١٩', 'digit')).toEqual(['1912', '١٩']);
    expect(parts("abcdefgh don'ts abc’def", 'long-word')).toEqual(['fgh', 'f']);
  });

  it('what comes next', () => {
    expect(parts('so  He said. No', 'next-space')).toEqual(['o', 'e', '.']);
    expect(parts('so He no', 'next-capital')).toEqual([' ']);
    expect(parts('go. ah…', 'next-sentence-end')).toEqual(['o', 'h']);
  });

  it('positions, counted from where each begins', () => {
    expect(numbers('ab, cd', 'position-in-word')).toEqual([1, 2, 0, 0, 1, 2]);
    expect(numbers('A b." C', 'position-in-sentence')).toEqual([0, 1, 2, 0, 0, 1, 2]);
    expect(numbers('ab\ncd', 'position-in-line')).toEqual([0, 1, 0, 1, 2]);
    expect(numbers('ab\n\ncd\ne', 'position-in-paragraph')).toEqual([0, 1, 2, 0, 1, 2, 3, 4]);
    expect(numbers('ab\ncd', 'position-in-paragraph')).toEqual([0, 1, 0, 1, 2]);
  });

  it('the spaces that begin a line', () => {
    expect(parts('  a b\n\t c', 'indentation')).toEqual(['  ', '\t ']);
  });

  it('a byte has the properties of the character that it completes', () => {
    const labels = labelPositions(inspectedText('aÜb', 'bytes'), { kind: 'built-in', name: 'capital' });
    expect([...labels]).toEqual([0, 0, 1, 0]);
    const quoted = labelPositions(inspectedText('“é” x', 'bytes'), { kind: 'built-in', name: 'quotes' });
    expect([...quoted]).toEqual([0, 0, 1, 1, 1, 1, 1, 0, 0, 0]);
  });

  it('broken UTF-8 is a character byte by byte', () => {
    const text = inspectedText('aé', 'bytes');
    const [a, lead, follow] = [0, 2, 1];
    const symbols = Uint8Array.from([lead, lead, follow, follow, a, lead]);
    const piece = { start: 0, end: 6, position: 0, warmUp: 0, learned: false, scoresFrom: 3 };
    const labels = labelPositions(
      { ...text, symbols, pieces: [piece], length: 6 },
      { kind: 'built-in', name: 'word-start' },
    );
    expect([...labels]).toEqual([0, 0, 1, 0, 1, 1]);
  });
});
