import { describe, expect, test } from 'vitest';
import { defaultRunSettings } from '../../../src/shared/domain/run-settings.ts';
import { compareRuns } from '../../../src/runs/compare.ts';
import type { ComparedRun } from '../../../src/runs/ranking.ts';
import { testRun } from '../../support/runs-for-pages.ts';

const parts = [1.2, 1.9, 1.4, 1.6, 1.4];

/** A run whose best checkpoint was measured with these losses, part by part. */
function measured(
  name: string,
  bestParts: readonly number[] | undefined,
  loss: number,
  dropout = 0,
): ComparedRun {
  const best = { file: 'lm.safetensors', validationLoss: loss, epoch: 2, iteration: 80 };
  const settings = { ...defaultRunSettings, dropout };
  return { run: testRun({ id: name, name, best, settings }), charactersPerSecond: null, bestParts };
}

const first = measured('first', parts, 1.5);
/** As much lower in every part. */
const clearly = measured(
  'clearly',
  parts.map((loss) => loss - 0.02),
  1.48,
  0.5,
);
/** Lower in one, higher in another. */
const luckily = measured('luckily', [1.25, 1.8, 1.45, 1.55, 1.35], 1.48, 0.5);
const better = (runs: readonly ComparedRun[]) =>
  compareRuns(runs).rows.find(({ key }) => key === 'best')?.better;

describe('of two runs', () => {
  test('a loss that is lower everywhere is lower', () => {
    expect(compareRuns([first, clearly]).sentence).toBe(
      '“clearly” differs from “first” only in dropout (0.5, not 0); its best validation loss is lower: 1.4800 against 1.5000, at epoch 2.00 against 2.00.',
    );
    expect(better([first, clearly])).toBe(1);
  });

  test('one that is lower in some parts and higher in others is so by chance, and neither is called better', () => {
    expect(compareRuns([first, luckily]).sentence).toContain(
      'is lower a small difference, within chance: 1.4800',
    );
    expect(compareRuns([luckily, first]).sentence).toContain(
      'is higher a small difference, within chance: 1.5000',
    );
    expect(better([first, luckily])).toBeNull();
  });

  test('nothing is said of chance where it is unknown', () => {
    const unknown = measured('unknown', undefined, 1.48);
    expect(compareRuns([first, unknown]).sentence).not.toContain('chance');
    expect(better([first, unknown])).toBe(1);
  });

  test('on different texts neither loss is called better, the best or the last', () => {
    const lasts = [first, clearly].map((each, index) => ({
      ...each,
      run: { ...each.run, lastValidationLoss: 1.6 - index / 10 },
    }));
    const marked = (runs: readonly ComparedRun[]) =>
      compareRuns(runs)
        .rows.filter(({ better }) => better !== null)
        .map(({ key }) => key);
    expect(marked(lasts)).toEqual(['best', 'last']);
    const others = lasts.map((each, index) => ({
      ...each,
      run: { ...each.run, text: { ...each.run.text, sha256: String(index).repeat(64) } },
    }));
    expect(marked(others)).toEqual([]);
    const { run } = luckily;
    const elsewhere = { ...luckily, run: { ...run, text: { ...run.text, sha256: 'b'.repeat(64) } } };
    expect(compareRuns([first, elsewhere]).warnings).toHaveLength(1);
    expect(compareRuns([first, elsewhere]).sentence).not.toContain('loss');
    expect(better([first, elsewhere])).toBeNull();
  });
});

describe('of three runs', () => {
  test('those that are behind by chance only are named', () => {
    const worse = measured(
      'worse',
      parts.map((loss) => loss + 0.3),
      1.8,
    );
    const { sentence } = compareRuns([first, luckily, worse]);
    expect(sentence).toBe(
      'These runs differ in dropout. “luckily” has the lowest validation loss: 1.4800 at epoch 2.00; “first” is behind a small difference, within chance.',
    );
    expect(compareRuns([first, clearly, worse]).sentence).not.toContain('chance');
  });
});
