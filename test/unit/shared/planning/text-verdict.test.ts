import { describe, expect, it } from 'vitest';
import { planChunks } from '../../../../src/shared/planning/plan.ts';
import { resolvePreset } from '../../../../src/shared/planning/presets.ts';
import { pagesOf, textVerdict } from '../../../../src/shared/planning/text-verdict.ts';

const verdictOf = (characters: number): ReturnType<typeof textVerdict> =>
  textVerdict({ characters, vocabularySize: 68 });

describe('the verdict on a text', () => {
  it.each([
    [1_214_339, 'Enough for a good model'],
    [144_301, 'Short: enough to try things'],
    [699_000, 'Enough for a good model'],
    [20_000, 'Very short'],
    [9_000_000, 'More than enough for a good model'],
  ])('of %d symbols: %s', (characters, title) => {
    expect(verdictOf(characters).title).toBe(title);
  });

  it('never promises an impossible run, and never refuses a possible one', () => {
    for (let characters = 0; characters < 3000; characters = Math.ceil(characters * 1.07 + 1)) {
      const { level } = verdictOf(characters);
      const preset = resolvePreset('quick', { characters: Math.max(1, characters), vocabularySize: 68 });
      const plan = planChunks({ ...preset, characters });
      const isBlocked = characters === 0 || plan.warnings.some(({ blocking }) => blocking);
      expect([characters, level === 'bad']).toEqual([characters, isBlocked]);
    }
  });

  it('only gets better with length', () => {
    const order = ['bad', 'warning', 'good'];
    let before = 0;
    for (let characters = 1; characters < 1e8; characters *= 1.5) {
      const now = order.indexOf(verdictOf(Math.round(characters)).level);
      expect(now).toBeGreaterThanOrEqual(before);
      before = now;
    }
    expect(before).toBe(2);
  });

  it('says how many pages a text fills', () => {
    expect([pagesOf(900), pagesOf(2100), pagesOf(1_214_339)]).toEqual([null, 1, 607]);
  });
});
