import { describe, expect, it } from 'vitest';
import { tintRuns } from '../../../src/renderer/views/write/tint.ts';
import { drawn, tintLevel, tintLevels } from '../../../src/shared/format/tint.ts';
import { shortlist } from '../../../src/renderer/views/write/choices.ts';

describe('tint by probability', () => {
  it('has a level for every probability, bounds belonging to the surer one', () => {
    expect([1, 0.8, 0.79, 0.4, 0.2, 0.15, 0.03, 0.0299, 0].map(tintLevel)).toEqual([
      'sure',
      'sure',
      'likely',
      'likely',
      'open',
      'open',
      'unlikely',
      'surprising',
      'surprising',
    ]);
    expect(tintLevels.map(({ from }) => from)).toEqual(
      tintLevels.map(({ from }) => from).toSorted((a, b) => b - a),
    );
  });

  it('draws neighbours of one level together and loses no character', () => {
    const texts = ['T', 'h', 'e', ' ', 'x'];
    const page = { start: 0, texts, probabilities: [0.1, 0.9, 0.95, 0.85, 0.01], bytes: [] };
    expect(tintRuns(page)).toEqual([
      { level: 'unlikely', text: 'T' },
      { level: 'sure', text: 'he ' },
      { level: 'surprising', text: 'x' },
    ]);
  });

  it('draws carriage returns without moving a character', () => {
    const text = 'one\r\ntwo\rthree\n';
    expect(drawn(text)).toHaveLength(text.length);
    expect(drawn(text).split('\n')).toEqual(['one\u2060', 'two', 'three', '']);
  });
});

describe('shortlist of alternatives', () => {
  const vocabulary = Array.from({ length: 30 }, (_, index) => String.fromCodePoint(0x61 + index));
  const all = vocabulary.map((text, index) => ({ index, text, probability: (30 - index) / 465 }));
  /** A model reports only the likeliest 24, in no particular order. */
  const told = all.slice(0, 24).toReversed();
  const standing = (text: string) => all.find((choice) => choice.text === text);

  it('is cut to the likeliest, likeliest first', () => {
    const { choices, others } = shortlist(told, standing('a'), vocabulary, 5);
    expect(choices.map(({ text }) => text).join('')).toBe('abcde');
    expect(others.count).toBe(25);
    expect(others.probability).toBeCloseTo(1 - (30 + 29 + 28 + 27 + 26) / 465);
  });

  it('always has the current symbol, even one that is not listed', () => {
    for (const text of ['z', '~']) {
      const { choices } = shortlist(told, { text, probability: 0.003 }, vocabulary, 5);
      const known = vocabulary.includes(text);
      expect(choices.map((choice) => choice.text).join('')).toBe(known ? `abcd${text}` : 'abcde');
      if (known)
        expect(choices.at(-1)).toEqual({ text, index: vocabulary.indexOf(text), probability: 0.003 });
    }
  });

  it('is complete when there is little to choose', () => {
    const { choices, others } = shortlist(all.slice(0, 2), standing('b'), ['a', 'b'], 5);
    expect(choices).toHaveLength(2);
    expect(others.count).toBe(0);
  });
});
