import { defaultRunSettings } from '../domain/run-settings.ts';
import { toPercent } from '../domain/setting-words.ts';
import { formatCount, formatQuantity } from '../format/numbers.ts';
import { fixInWords } from './fix-in-words.ts';
import { chunksForBothSplits, fixBlocked, fixShape } from './fix.ts';
import type { ChunkCounts, PlanFix, PlanInput, PlanWarning } from './plan-types.ts';
import { countChunks, leavesTest, splitChunks } from './split.ts';
import { thinValidationFix } from './thin-validation.ts';

/** Below this char-rnn warns that the text looks very small. */
export const veryFewChunks = 50;
/** Below this an epoch is so short that the losses of similar runs differ by chance. */
export const fewChunks = 150;
/** A validation split of fewer symbols measures to about 0.02 nats at best (two nats of spread over the root of 10,000). */
export const thinValidationSymbols = 10_000;

/** Warnings about this plan before training, most important first. */
export function planWarnings(input: PlanInput, chunks: ChunkCounts): readonly PlanWarning[] {
  const fractions = badFractions(input);
  const blocked = blockingWarning(input, chunks);
  if (blocked) return [...fractions, blocked];
  return [
    ...fractions,
    ...unusedShareWarning(input),
    ...fewChunksWarning(input, chunks),
    ...thinValidationWarning(input, chunks),
  ];
}

function badFractions(input: PlanInput): PlanWarning[] {
  const named = { 'training share': input.trainFraction, 'validation share': input.validationFraction };
  return Object.entries(named)
    .filter(([, value]) => !isFraction(value))
    .map(([name, value]) => ({
      code: 'bad-fraction',
      blocking: true,
      message: `The ${name} must be between 0 and 1 (100 %), not ${value}; ${fixInWords(fractionFix(input))} would work.`,
      fix: fractionFix(input),
    }));
}

function isFraction(value: number): boolean {
  return value >= 0 && value <= 1;
}

/** Reads a whole number such as 95 as percent; any other value is replaced with char-rnn's defaults. */
function fractionFix(input: PlanInput): PlanFix {
  const percent = (value: number) =>
    Number.isInteger(value) && value >= 2 && value <= 100 ? value / 100 : value;
  const trainFraction = percent(input.trainFraction);
  const validationFraction = percent(input.validationFraction);
  const usable =
    isFraction(trainFraction) &&
    isFraction(validationFraction) &&
    chunksForBothSplits({ trainFraction, validationFraction }) !== null;
  return usable ? { trainFraction, validationFraction } : defaultFractions;
}

const defaultFractions = {
  trainFraction: defaultRunSettings.trainFraction,
  validationFraction: defaultRunSettings.validationFraction,
};

/** char-rnn's rule, which is surprising if both shares were set. */
function unusedShareWarning({ trainFraction, validationFraction }: PlanInput): PlanWarning[] {
  const rounded = Math.round((1 - trainFraction) * 1000) / 1000;
  // Rounded down, it would leave a tiny remainder for a test split.
  const left = leavesTest(trainFraction, rounded) ? 1 - trainFraction : rounded;
  if (leavesTest(trainFraction, validationFraction) || validationFraction - left < 0.005) return [];
  const fix = { trainFraction, validationFraction: left };
  return [
    {
      code: 'unused-share',
      blocking: false,
      message: `Training and validation share come to more than 100 %: training uses ${toPercent(trainFraction)} %, and validation uses the remaining ${toPercent(left)} %, not ${toPercent(validationFraction)} %.`,
      fix,
    },
  ];
}

function blockingWarning(input: PlanInput, chunks: ChunkCounts): PlanWarning | undefined {
  const code = blockingCode(chunks);
  if (!code) return undefined;
  const fix = fixBlocked(input, veryFewChunks);
  return {
    code,
    blocking: true,
    message: `${blockingMessage(code, input, chunks)} ${remedy(input, fix)}`,
    fix,
  };
}

type BlockingCode = 'no-chunks' | 'no-training-chunk' | 'no-validation-chunk';

function blockingCode(chunks: ChunkCounts): BlockingCode | undefined {
  if (chunks.total === 0) return 'no-chunks';
  if (chunks.train === 0) return 'no-training-chunk';
  return chunks.validation === 0 ? 'no-validation-chunk' : undefined;
}

function blockingMessage(code: BlockingCode, input: PlanInput, chunks: ChunkCounts): string {
  const { batchSize, sequenceLength } = input;
  const text = formatQuantity(input.characters, 'symbol');
  const shape = `batch size ${batchSize} and sequence length ${sequenceLength}`;
  switch (code) {
    case 'no-chunks':
      return `The text has ${text}, but one chunk at ${shape} needs ${formatCount(batchSize * sequenceLength)}.`;
    case 'no-training-chunk':
      return `The text gives ${formatQuantity(chunks.total, 'chunk')} at ${shape}, and a training share of ${toPercent(input.trainFraction)} % leaves none to train on.`;
    case 'no-validation-chunk':
      return `The text gives ${formatQuantity(chunks.total, 'chunk')} at ${shape}, and none of them is left for validation.`;
  }
}

function remedy(input: PlanInput, fix: PlanFix | null): string {
  if (!fix) return 'The text is too short for any settings; use a longer one.';
  return `${capitalised(fixInWords(fix))} would work: ${effect(input, fix)}.`;
}

/** What a proposal results in: "50 chunks, 3 of them to validate on". */
function effect(input: PlanInput, fix: PlanFix): string {
  const fixed = { ...input, ...fix };
  const total = countChunks(fixed.characters, fixed.batchSize, fixed.sequenceLength);
  const { validation } = splitChunks(total, fixed.trainFraction, fixed.validationFraction);
  return `${formatQuantity(total, 'chunk')}, ${formatCount(validation)} of them for validation`;
}

function fewChunksWarning(input: PlanInput, chunks: ChunkCounts): PlanWarning[] {
  if (chunks.total >= fewChunks) return [];
  const very = chunks.total < veryFewChunks;
  const fix = fixShape(input, very ? veryFewChunks : fewChunks);
  const opening = `The text gives only ${formatQuantity(chunks.total, 'chunk')}`;
  const message = very
    ? `${opening}; fewer than ${veryFewChunks} is very little to train on.`
    : `${opening}; with fewer than about ${fewChunks}, losses are not reliable.`;
  const code = very ? 'very-few-chunks' : 'few-chunks';
  const advice = fix
    ? `${capitalised(fixInWords(fix))} would give ${effect(input, fix)}.`
    : 'A longer text would help.';
  return [{ code, blocking: false, message: `${message} ${advice}`, fix }];
}

function thinValidationWarning(input: PlanInput, chunks: ChunkCounts): PlanWarning[] {
  const symbols = chunks.validation * input.batchSize * input.sequenceLength;
  if (symbols >= thinValidationSymbols) return [];
  const fix = thinValidationFix(input, chunks, thinValidationSymbols);
  const advice = fix
    ? `${capitalised(fixInWords(fix))} would give a more reliable measurement.`
    : 'A longer text would help.';
  return [
    {
      code: 'thin-validation',
      blocking: false,
      message: `Validation is measured on ${formatQuantity(symbols, 'symbol')} only, so the validation loss varies by chance. ${advice}`,
      fix,
    },
  ];
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
