import { mix32 } from './hash.ts';

/** The purpose of a stream of random numbers; different purposes never share numbers, whatever the seed. */
export type RandomPurpose = 'initialisation' | 'sampling' | 'dropout' | 'shift' | 'records' | 'inspection';

const purposeKeys: Readonly<Record<RandomPurpose, number>> = {
  initialisation: 0x696e6974,
  sampling: 0x73616d70,
  dropout: 0x64726f70,
  shift: 0x73686966,
  records: 0x72656373,
  inspection: 0x696e7370,
};

/** A uint32 seed for one purpose of a run. */
export function seedFor(purpose: RandomPurpose, seed: number): number {
  return mix32(mix32(seed) ^ purposeKeys[purpose]);
}

/**
 * xoshiro128** 1.1 (Blackman and Vigna, 2018): 128 bits of state, period 2^128 - 1. Seeded by hashing a counter, because its authors
 * advise against similar initial states.
 */
export class RandomGenerator {
  readonly #state: Uint32Array;

  private constructor(state: Uint32Array) {
    this.#state = state;
  }

  /** A separate stream for a purpose and a seed (any number; taken modulo 2^32). */
  static seeded(purpose: RandomPurpose, seed: number): RandomGenerator {
    const key = seedFor(purpose, seed >>> 0);
    return new RandomGenerator(
      Uint32Array.from([1, 2, 3, 4], (counter) => mix32(key + Math.imul(counter, 0x9e3779b9))),
    );
  }

  /** Continues from a state returned by `state()`. */
  static restored(state: readonly number[]): RandomGenerator {
    if (state.length !== 4) throw new RangeError('a generator state has four numbers');
    return new RandomGenerator(Uint32Array.from(state));
  }

  /** The four words that continue this stream. */
  state(): readonly number[] {
    return [...this.#state];
  }

  /** The next 32 bits, 0..2^32-1. */
  nextUint32(): number {
    const s = this.#state;
    const [s0 = 0, s1 = 0, s2 = 0, s3 = 0] = s;
    const scrambled = Math.imul(s1, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
    const t2 = s2 ^ s0;
    const t3 = s3 ^ s1;
    s[1] = s1 ^ t2;
    s[0] = s0 ^ t3;
    s[2] = t2 ^ (s1 << 9);
    s[3] = (t3 << 11) | (t3 >>> 21);
    return result;
  }

  /** A double in [0, 1) with 53 random bits. */
  nextDouble(): number {
    const high = this.nextUint32() >>> 5;
    const low = this.nextUint32() >>> 6;
    return (high * 67_108_864 + low) / 9_007_199_254_740_992;
  }

  /** A whole number in [0, bound), bound up to 2^32; the bias of the double is below 2^-21. */
  nextBelow(bound: number): number {
    return Math.floor(this.nextDouble() * bound);
  }
}
