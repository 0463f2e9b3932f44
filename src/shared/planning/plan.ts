import type { Advice } from '../advice.ts';
import { CharloomError } from '../errors.ts';
import type { ChunkPlan, PlanInput, PlanFix } from './plan-types.ts';
import { countChunks, splitChunks } from './split.ts';
import { planWarnings } from './warnings.ts';

/**
 * How a text of N symbols is divided into chunks and splits: exactly as char-rnn's CharSplitLMMinibatchLoader does. Pure and instant for
 * any N, so a form can call it on every keystroke.
 *
 * 1. nb = floor(N / (B*S)) chunks; the tail of N mod (B*S) symbols is dropped from the end.
 * 2. The kept text is viewed as B streams of nb*S symbols; chunk k consists of columns k*S..(k+1)*S-1 of every stream.
 * 3. Chunks are assigned to training, validation and test by index, in this order (split.ts). No shuffling.
 *
 * A fraction outside 0..1 causes a blocking warning; the counts are then those of the nearest allowed fraction.
 * @throws CharloomError 'bad-setting' if N, B or S is not a whole number in range: forms and the command line let none through.
 */
export function planChunks(input: PlanInput): ChunkPlan {
  checkWholeNumbers(input);
  const total = countChunks(input.characters, input.batchSize, input.sequenceLength);
  const chunks = splitChunks(total, bounded(input.trainFraction), bounded(input.validationFraction));
  const iterations = chunks.train * input.maxEpochs;
  return {
    input,
    chunks,
    dropped: input.characters - total * input.batchSize * input.sequenceLength,
    iterationsPerEpoch: chunks.train,
    iterations: input.maxIterations > 0 ? Math.min(iterations, input.maxIterations) : iterations,
    warnings: planWarnings(input, chunks),
  };
}

/** Throws the error of a run that cannot start: the first blocking warning, with its fix. */
export function requireStartable(plan: ChunkPlan): void {
  const blocking = plan.warnings.find((warning) => warning.blocking);
  if (!blocking) return;
  const code = blocking.code === 'bad-fraction' ? 'bad-setting' : 'data-too-small';
  throw new CharloomError(code, blocking.message, { fix: adviceOf(blocking.fix) });
}

function adviceOf(fix: PlanFix | null): Advice | undefined {
  const keys = ['batchSize', 'sequenceLength', 'trainFraction', 'validationFraction'] as const;
  const settings = keys.flatMap((setting) => {
    const value = fix?.[setting];
    return value === undefined ? [] : [{ setting, value }];
  });
  return settings.length === 0 ? undefined : { kind: 'change-settings', settings };
}

function bounded(fraction: number): number {
  return Number.isNaN(fraction) ? 0 : Math.min(1, Math.max(0, fraction));
}

function checkWholeNumbers(input: PlanInput): void {
  const smallest = { characters: 0, batchSize: 1, sequenceLength: 1, maxEpochs: 0, maxIterations: 0 };
  for (const [name, minimum] of Object.entries(smallest)) {
    const value = input[name as keyof PlanInput];
    if (Number.isSafeInteger(value) && value >= minimum) continue;
    throw new CharloomError(
      'bad-setting',
      `${name} must be a whole number of at least ${minimum}, not ${value}`,
    );
  }
}
