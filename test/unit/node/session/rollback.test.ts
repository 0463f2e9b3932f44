import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rollbackTargets } from '../../../../src/node/session/rollback.ts';

/** Saves written as "recoveries.iteration". */
function targets(saves: readonly string[], moment: string): readonly string[] {
  const read = (text: string) => {
    const [recoveries = 0, iteration = 0] = text.split('.').map(Number);
    return { text, metadata: { recoveries, iteration } };
  };
  return rollbackTargets(saves.map(read), read(moment).metadata).map(({ text }) => text);
}

describe('where a run returns to after an explosion', () => {
  test.each([
    [
      'to the last checkpoint, else to the ones before',
      ['0.10', '0.20', '0.30'],
      '0.35',
      ['0.30', '0.20', '0.10'],
    ],
    ['to the beginning when there is none', [], '0.5', []],
    ['not to what came later', ['0.10', '0.20'], '0.15', ['0.10']],
    [
      'further back when it explodes again before the next was kept',
      ['0.10', '0.20', '0.30'],
      '1.35',
      ['0.20', '0.10'],
    ],
    ['and further', ['0.10', '0.20', '0.30'], '2.35', ['0.10']],
    ['and to the beginning', ['0.10', '0.20', '0.30'], '3.35', []],
    ['to what was kept since it went back', ['0.10', '0.20', '1.30'], '1.35', ['1.30', '0.20', '0.10']],
    // 1.10 was kept after going back to the beginning: 0.10 belongs to what was given up.
    ['never to what was given up', ['0.10', '2.10'], '2.15', ['2.10']],
  ])('%s', (_, saves, moment, expected) => expect(targets(saves, moment)).toEqual(expected));

  test('repeated explosions without a checkpoint between them reach the beginning', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 100 }), { maxLength: 12 }), (iterations) => {
        const saves = iterations.map((iteration) => `0.${iteration}`);
        const lengths = [...saves, ''].map((_, recoveries) => targets(saves, `${recoveries}.101`).length);
        expect(lengths).toEqual([...saves.keys(), saves.length].reverse());
      }),
    );
  });
});
