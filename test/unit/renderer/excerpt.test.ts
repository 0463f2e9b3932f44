import { describe, expect, it } from 'vitest';
import { excerptOf, noSampleReason } from '../../../src/renderer/stores/excerpt.ts';

const sample = (text: string, validationLoss: number | null, primeText = '') => ({
  ...{ iteration: 1, epoch: 1, validationLoss, temperature: 0.8, seed: 123, primeText, text },
});

it('a run without a sample says why', () => {
  expect(noSampleReason({ checkpoints: 3, origin: null })).toContain('for example on the command line');
  expect(noSampleReason({ checkpoints: 0, origin: null })).toContain('at the first checkpoint');
});

describe('excerptOf', () => {
  it('takes the sample with the lowest validation loss, on one line', () => {
    const samples = [sample('a\nfirst try', 2), sample('the\n\nbest  one', 1), sample('the last', 1.5)];
    expect(excerptOf(samples, 100)).toEqual({ primeText: '', text: 'best one' });
  });

  it('ends with a whole word and shows that it is cut', () => {
    const { text } = excerptOf([sample(' one two three four', 1)], 10) ?? { text: '' };
    expect(text.trim()).toBe('one two…');
    const long = excerptOf([sample('ん'.repeat(300), 1)], 40);
    expect(Array.from(long?.text ?? '')).toHaveLength(41);
  });

  it('separates the opening words, and does not cut what follows them', () => {
    expect(excerptOf([sample('ale was white.', 1, 'The wh')], 100)).toEqual({
      primeText: 'The wh',
      text: 'ale was white.',
    });
  });

  it('is nothing without samples, and for a model that wrote only spaces', () => {
    expect(excerptOf([], 100)).toBeNull();
    expect(excerptOf([sample(' \n \n', null)], 100)).toBeNull();
  });
});
