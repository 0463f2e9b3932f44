import { describe, expect, it } from 'vitest';
import { defaultRunSettings, runSettings } from '../../../src/shared/domain/run-settings.ts';
import { sampleSettings } from '../../../src/shared/domain/sample-settings.ts';
import type { SettingDefinition } from '../../../src/shared/domain/setting-definition.ts';
import { planChunks } from '../../../src/shared/planning/plan.ts';
import { findTerms, glossary, isTerm } from '../../../src/renderer/glossary/terms.ts';

describe('the glossary', () => {
  it('refers only to terms that it has, never to the same one', () => {
    for (const { key, see } of findTerms('')) {
      for (const other of see ?? []) {
        expect(isTerm(other), `${key} refers to ${other}`).toBe(true);
        expect(other).not.toBe(key);
      }
    }
  });

  it('has every term that the settings refer to', () => {
    const settings: readonly SettingDefinition[] = [
      ...Object.values(runSettings),
      ...Object.values(sampleSettings),
    ];
    const terms = settings.flatMap(({ term }) => term ?? []);
    expect(terms.length).toBeGreaterThan(20);
    expect(terms.filter((term) => !isTerm(term))).toEqual([]);
  });

  it('has one word for a term, and complete sentences', () => {
    const terms = findTerms('');
    expect(new Set(terms.map(({ word }) => word)).size).toBe(terms.length);
    for (const { meaning, more } of terms)
      for (const text of [meaning, more]) expect(text).toMatch(/^\S.*\.$/u);
  });

  it('finds terms by word and by what is said of them, in the order of the words', () => {
    expect(findTerms(' Dropout ')[0]?.word).toBe('dropout');
    expect(findTerms('by heart').map(({ key }) => key)).toContain('overfitting');
    expect(findTerms('no such thing')).toEqual([]);
    const words = findTerms('').map(({ word }) => word.toLowerCase());
    expect(words).toEqual(words.toSorted((a, b) => a.localeCompare(b, 'en')));
  });

  it('states correct numbers', () => {
    expect(glossary.loss.more).toContain(`e^1.5 ≈ ${Math.exp(1.5).toFixed(1)}`);
    expect(glossary.loss.more).toContain(`65 symbols has a loss of ${Math.log(65).toFixed(2)}`);
    const input = {
      ...defaultRunSettings,
      batchSize: 50,
      sequenceLength: 50,
      trainFraction: 0.95,
      validationFraction: 0.05,
    };
    const plan = planChunks({ ...input, characters: 50 * 50 * 50 + 7 });
    expect([plan.chunks.train + plan.chunks.validation + plan.chunks.test, plan.dropped]).toEqual([50, 7]);
  });
});
