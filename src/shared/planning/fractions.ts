/** Shares of the chunks. As in char-rnn, the first two are set and the test split is the remainder. */
export interface Fractions {
  readonly train: number;
  readonly validation: number;
}

export type FractionName = 'train' | 'validation' | 'test';

/** What training and validation leave over. */
export function testFraction({ train, validation }: Fractions): number {
  return thousandths(Math.max(0, 1 - train - validation));
}

/**
 * Moves one share, as a slider does; the three always add up to 1. Training and validation take from the test share first and
 * then from each other; the test share takes from training, and from validation (without which no run can start) only as a last resort.
 */
export function moveFraction(
  { train, validation }: Fractions,
  moved: FractionName,
  value: number,
): Fractions {
  const share = thousandths(Math.min(1, Math.max(0, value)));
  const rest = thousandths(1 - share);
  switch (moved) {
    case 'train':
      return { train: share, validation: Math.min(validation, rest) };
    case 'validation':
      return { train: Math.min(train, rest), validation: share };
    case 'test': {
      const kept = Math.min(validation, rest);
      return { train: thousandths(rest - kept), validation: kept };
    }
  }
}

/** Shares are rounded to thousandths: sums of doubles would leave tiny remainders that count as a test split. */
function thousandths(value: number): number {
  return Math.round(value * 1000) / 1000;
}
