/**
 * How active a unit is, in steps that are easy to distinguish: by the share of the whole text where it is lower, never by the visible part alone, so
 * that a colour means the same everywhere.
 */
export const activationLevels = [
  { level: 'lowest', word: 'quietest', range: 'the lowest 5 %', from: 0 },
  { level: 'low', word: 'quiet', range: '5 to 20 %', from: 0.05 },
  { level: 'lower', word: 'rather quiet', range: '20 to 40 %', from: 0.2 },
  { level: 'middle', word: 'its middle', range: '40 to 60 %', from: 0.4 },
  { level: 'higher', word: 'rather active', range: '60 to 80 %', from: 0.6 },
  { level: 'high', word: 'active', range: '80 to 95 %', from: 0.8 },
  { level: 'highest', word: 'most active', range: 'the highest 5 %', from: 0.95 },
] as const;

export type ActivationLevel = (typeof activationLevels)[number];

/**
 * The share of the text where a unit is lower than this: 0..1. Where many symbols have exactly the same value it is the middle of their shares.
 * @param percentiles the unit's values at 0, 1, ..., 100 percent of the text, ascending
 */
export function rankOf(value: number, percentiles: readonly number[]): number {
  const steps = percentiles.length - 1;
  if (steps < 1) return 0.5;
  const first = percentiles.findIndex((each) => each >= value);
  const last = percentiles.findLastIndex((each) => each <= value);
  if (first === -1) return 1;
  if (last === -1) return 0;
  if (first <= last) return (first + last) / 2 / steps;
  // Interpolated between two percentiles.
  const low = percentiles[last] ?? value;
  const high = percentiles[first] ?? value;
  return (last + (value - low) / (high - low)) / steps;
}

export function levelOf(value: number, percentiles: readonly number[]): ActivationLevel {
  const rank = rankOf(value, percentiles);
  return activationLevels.findLast(({ from }) => rank >= from) ?? activationLevels[0];
}

/** Neighbouring symbols that look alike, drawn as one element. */
export interface ActivationRun {
  readonly level: ActivationLevel['level'];
  /** Whether the property that is looked for holds here. */
  readonly isLabelled: boolean;
  readonly text: string;
}

/**
 * @param texts of the symbols from `start` on
 * @param values of the unit at every symbol of the whole text
 * @param isLabelled whether the property holds at a position
 */
export function activationRuns(
  { start, texts }: { readonly start: number; readonly texts: readonly string[] },
  values: Float32Array,
  percentiles: readonly number[],
  isLabelled: (position: number) => boolean,
): readonly ActivationRun[] {
  const runs: { level: ActivationLevel['level']; isLabelled: boolean; text: string }[] = [];
  for (const [index, text] of texts.entries()) {
    const { level } = levelOf(values[start + index] ?? 0, percentiles);
    const labelled = isLabelled(start + index);
    const last = runs.at(-1);
    if (last?.level === level && last.isLabelled === labelled) last.text += text;
    else runs.push({ level, isLabelled: labelled, text });
  }
  return runs;
}
