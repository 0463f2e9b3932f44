import { describe, expect, it } from 'vitest';
import { plainModel } from '../../../src/shared/domain/model-spec.ts';
import { defaultSampleSettings } from '../../../src/shared/domain/sample-settings.ts';
import { formatProbability, symbolWord } from '../../../src/renderer/components/text/probability.ts';
import { savedName, settingsHeader } from '../../../src/renderer/views/write/saved-text.ts';
import { statusSentence } from '../../../src/renderer/views/write/status.ts';
import { markUnknown } from '../../../src/renderer/views/write/unknown.ts';
import { unknownSentence } from '../../../src/shared/format/unknown-characters.ts';

describe('unknown characters', () => {
  const unknown = [
    { character: 'é', count: 2, replacement: 'e' },
    { character: '☃', count: 1, replacement: null },
    { character: '…', count: 1, replacement: '...' },
  ];

  it('are marked in place, and the parts join to the text', () => {
    const parts = markUnknown('été ☃!', unknown);
    expect(parts.filter(({ isKnown }) => !isKnown).map(({ text }) => text)).toEqual(['é', 'é', '☃']);
    expect(parts.map(({ text }) => text).join('')).toBe('été ☃!');
  });

  it('are reported with their replacement', () => {
    expect(unknown.map(unknownSentence)).toEqual([
      '“é” (2 times) is read as “e”',
      '“☃” is left out',
      '“…” is read as “...”',
    ]);
  });
});

describe('a saved text', () => {
  const model = {
    kind: 'ready',
    title: 'Moby/Dick: "best"',
    spec: { model: 'lstm', vocabularySize: 80, rnnSize: 128, numLayers: 2, ...plainModel },
    epoch: 12.5,
    validationLoss: 1.43209,
    symbols: 'characters',
    vocabulary: [],
  } as const;
  const settings = { ...defaultSampleSettings, primeText: 'Call me\n', temperature: 0.7, topK: 5, seed: 42 };

  it('has a name that every system allows', () => {
    expect(savedName(model.title, settings)).toBe('Moby Dick best, temperature 0.7, seed 42.txt');
    expect(savedName('...', { ...settings, greedy: true })).toBe('text, greedy, seed 42.txt');
  });

  it('can say how it was written, each line marked as no part of it', () => {
    const lines = settingsHeader([model], settings).trimEnd().split('\n');
    expect(lines.every((line) => line.startsWith('# '))).toBe(true);
    const all = lines.join(' ');
    for (const part of ['1.4321', '12.50', 'temperature 0.7', '5 likeliest', 'seed 42', '"Call me\\n"']) {
      expect(all).toContain(part);
    }
  });
});

describe('words about a text', () => {
  it('do not count while it grows, so that a screen reader is not flooded', () => {
    const at = (length: number): string =>
      statusSentence({ status: 'writing', reason: null, length, isAwaited: false });
    expect(at(1)).toBe(at(2000));
  });

  it('say how it ended', () => {
    const ended = (reason: 'length' | 'stopped' | 'stop-text' | 'lost'): string =>
      statusSentence({ status: 'idle', reason, length: 2000, isAwaited: false });
    expect(ended('length')).toBe('Done: 2,000 symbols.');
    expect(new Set((['length', 'stopped', 'stop-text', 'lost'] as const).map(ended)).size).toBe(4);
  });

  it('never round a probability to zero', () => {
    expect([0.954, 0.0042, 0.0001, 0].map(formatProbability)).toEqual([
      '95 %',
      '0.4 %',
      'under 0.1 %',
      'under 0.1 %',
    ]);
    expect([' ', '\n', 'a', ''].map(symbolWord)).toEqual([
      'space',
      'line end (\\n)',
      '“a”',
      'part of a character',
    ]);
  });
});
