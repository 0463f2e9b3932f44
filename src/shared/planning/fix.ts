import { defaultRunSettings } from '../domain/run-settings.ts';
import type { Fractions } from './fractions.ts';
import type { PlanFix, PlanInput } from './plan-types.ts';
import { countChunks, splitChunks } from './split.ts';

/** B and S of a batch. */
export interface BatchShape {
  readonly batchSize: number;
  readonly sequenceLength: number;
}

/** Shorter sequences show a model too little of a word and its context to learn from: no proposal goes below this. */
const shortestSequence = 16;
/** However lopsided the chosen numbers are (65,536 x 25), a proposal is not more lopsided than this. */
const maxLopsided = 16;
/** A single value has no spread: a proposal leaves two chunks for validation if the text has enough. */
const validationChunks = 2;

/**
 * The largest batch (most symbols, B*S <= `area`) not above the chosen B and S and with sequences of at least `shortest` symbols: the one
 * that changes the two by the smallest factor. Its proportions stay within a factor of two of the chosen ones if possible; of equals, the
 * one nearest to them. Null if the area is too small for one such sequence.
 */
export function largestShape(chosen: BatchShape, area: number, shortest = 1): BatchShape | null {
  const { batchSize, sequenceLength } = chosen;
  if (area < shortest || sequenceLength < shortest) return null;
  if (batchSize * sequenceLength <= area) return { batchSize, sequenceLength };
  const ratio = Math.min(maxLopsided, Math.max(1 / maxLopsided, batchSize / sequenceLength));
  const near = searchShape(chosen, { area, shortest, ratio, stretch: 2 });
  return near ?? searchShape(chosen, { area, shortest, ratio, stretch: Infinity }) ?? null;
}

interface Search {
  readonly area: number;
  readonly shortest: number;
  readonly ratio: number;
  readonly stretch: number;
}

/** Tries every B that can fall within `stretch` of the ratio: at most B candidates, whatever the length of the text. */
function searchShape(chosen: BatchShape, { area, shortest, ratio, stretch }: Search): BatchShape | undefined {
  const first = Math.max(1, Math.floor(Math.sqrt((area * ratio) / stretch) / 2));
  const last = Math.min(chosen.batchSize, Math.ceil(Math.sqrt(area * ratio * stretch)) + 1);
  let best: BatchShape | undefined;
  let bestArea = 0;
  let bestDistance = Infinity;
  for (let batchSize = Math.min(first, last); batchSize <= last; batchSize += 1) {
    const longest = Math.floor((batchSize * stretch) / ratio);
    const sequenceLength = Math.min(chosen.sequenceLength, Math.floor(area / batchSize), longest);
    if (sequenceLength < shortest) continue;
    const distance = Math.abs(Math.log2(batchSize / sequenceLength / ratio));
    if (distance > Math.log2(stretch)) continue;
    const covered = batchSize * sequenceLength;
    if (covered > bestArea || (covered === bestArea && distance < bestDistance)) {
      best = { batchSize, sequenceLength };
      bestArea = covered;
      bestDistance = distance;
    }
  }
  return best;
}

/**
 * B and S that give at least `wantedChunks` chunks, two of them for validation if the text has enough and one otherwise, changed as
 * little as necessary: neither above the chosen number, sequences not below 16 symbols (or the chosen length, if that is shorter).
 * Null if there is no such shape.
 */
export function fixShape(input: PlanInput, wantedChunks: number): BatchShape | null {
  const shortest = Math.min(shortestSequence, input.sequenceLength);
  return (
    shapeFor(input, { wantedChunks, validation: validationChunks, shortest }) ??
    shapeFor(input, { wantedChunks, validation: 1, shortest })
  );
}

/**
 * What makes a blocked run startable: the changes of `fixShape`, with char-rnn's fractions if the chosen ones leave a split empty. A text
 * that is too short for `wantedChunks` gets as many as possible, and only the very shortest gets sequences below 16 symbols. Null if no B,
 * S and fractions give both splits a chunk.
 */
export function fixBlocked(input: PlanInput, wantedChunks: number): PlanFix | null {
  const { trainFraction, validationFraction } = defaultRunSettings;
  const usual = { trainFraction, validationFraction };
  for (const shortest of [Math.min(shortestSequence, input.sequenceLength), 1]) {
    for (const goal of [
      { wantedChunks, validation: validationChunks, shortest },
      { wantedChunks: 1, validation: validationChunks, shortest },
      { wantedChunks: 1, validation: 1, shortest },
    ]) {
      const shape = shapeFor(input, goal);
      const withUsual = shapeFor({ ...input, ...usual }, goal);
      // A share that is too small is no reason to read the text in tiny batches.
      const isCure =
        withUsual !== null && (shape === null || areaOf(withUsual) >= muchLarger * areaOf(shape));
      if (isCure) return isSame(withUsual, input) ? usual : { ...withUsual, ...usual };
      if (shape !== null) return shape;
    }
  }
  return null;
}

/** How much larger the batch must be with the usual shares for these to be the fix. */
const muchLarger = 4;

function areaOf({ batchSize, sequenceLength }: BatchShape): number {
  return batchSize * sequenceLength;
}

interface Goal {
  readonly wantedChunks: number;
  /** Validation chunks. */
  readonly validation: number;
  /** The shortest sequence. */
  readonly shortest: number;
}

function shapeFor(input: PlanInput, { wantedChunks, validation, shortest }: Goal): BatchShape | null {
  const needed = chunksForBothSplits(input, validation);
  if (needed === null) return null;
  const area = Math.floor(input.characters / Math.max(wantedChunks, needed));
  const shape = largestShape(input, area, shortest);
  return shape !== null && hasBothSplits(input, shape, validation) ? shape : null;
}

function isSame(a: BatchShape, b: BatchShape): boolean {
  return a.batchSize === b.batchSize && a.sequenceLength === b.sequenceLength;
}

function hasBothSplits(input: PlanInput, shape: BatchShape, wantedValidation: number): boolean {
  const total = countChunks(input.characters, shape.batchSize, shape.sequenceLength);
  const { train, validation } = splitChunks(total, input.trainFraction, input.validationFraction);
  return train > 0 && validation >= wantedValidation;
}

type ChosenFractions = Pick<PlanInput, 'trainFraction' | 'validationFraction'>;

/** The fewest chunks of which training gets one and validation `wanted`; null if the fractions never allow that (0, or training 1). */
export function chunksForBothSplits(chosen: ChosenFractions, wanted = 1): number | null {
  const { trainFraction: train, validationFraction: validation } = chosen;
  const enough = turns({ train, validation }, wanted)
    .filter((total) => Number.isSafeInteger(total) && total >= 1)
    .sort((a, b) => a - b)
    .find((total) => {
      const chunks = splitChunks(total, train, validation);
      return chunks.train > 0 && chunks.validation >= wanted;
    });
  return enough ?? null;
}

/** The totals at which a split can first reach its chunks: floor(n * f) reaches k near n = k/f; the neighbours allow for the rounding of doubles. */
function turns({ train, validation }: Fractions, wanted: number): readonly number[] {
  const around = (turn: number): readonly number[] => [turn - 1, turn, turn + 1];
  return [
    around(wanted),
    around(Math.ceil(1 / train)),
    around(Math.ceil(wanted / validation)),
    around(Math.ceil(wanted / (1 - train))),
  ].flat();
}
