import type { SweepAxis, SweepChanges, SweepSpace, SweepValue } from '../domain/sweep-space.ts';
import { CharloomError } from '../errors.ts';
import { formatQuantity } from '../format/numbers.ts';
import { refuseRange, valueAt } from './sweep-axes.ts';

/**
 * Draws combinations from a space by Latin hypercube sampling (McKay, Beckman and Conover, 1979): each axis is divided into as many equal parts as there are
 * combinations, and each part is used once, so that few runs cover every setting evenly. No combination occurs twice.
 * @throws CharloomError('bad-setting') if `runs` does not allow one combination with all its seeds
 */
export function drawCombinations(space: SweepSpace): readonly SweepChanges[] {
  const { axes, seeds, runs, drawSeed } = space;
  const wanted = Math.floor(runs / seeds);
  if (wanted === 0) {
    const sentence = `${formatQuantity(runs, 'run')} are too few for one combination with ${formatQuantity(seeds, 'seed')}.`;
    throw new CharloomError('bad-setting', sentence, { fix: 'Allow more runs or take fewer seeds.' });
  }
  for (const axis of axes) if (axis.kind === 'range') refuseRange(axis);
  const random = randomNumbers(drawSeed);
  const drawn = new Map<string, SweepChanges>();
  // In a space with few combinations, most of a later draw has been drawn before.
  for (let round = 0; round < 100 && drawn.size < wanted; round++) {
    const columns = axes.map(() => evenShares(wanted, random));
    for (let place = 0; place < wanted && drawn.size < wanted; place++) {
      const combination = Object.fromEntries(
        axes.map((axis, column) => [axis.key, drawnValue(axis, columns[column]?.[place] ?? 0)]),
      );
      drawn.set(JSON.stringify(combination), combination);
    }
  }
  return [...drawn.values()];
}

function drawnValue(axis: SweepAxis, share: number): SweepValue {
  if (axis.kind === 'range') return valueAt(axis, share);
  const value = axis.values[Math.min(axis.values.length - 1, Math.floor(share * axis.values.length))];
  if (value === undefined) throw new RangeError('an axis without values');
  return value;
}

/** One number from each of `count` equal parts of 0 to 1, in random order. */
function evenShares(count: number, random: () => number): readonly number[] {
  const shares = Array.from({ length: count }, (_, part) => (part + random()) / count);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    const kept = shares[last] ?? 0;
    shares[last] = shares[other] ?? 0;
    shares[other] = kept;
  }
  return shares;
}

/** Numbers from 0 up to but not including 1: a counter through the finaliser of MurmurHash3 (Appleby, public domain). */
function randomNumbers(seed: number): () => number {
  let counter = Math.imul(seed + 1, 0x9e3779b9);
  return () => {
    counter = (counter + 0x9e3779b9) | 0;
    let x = counter;
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
  };
}
