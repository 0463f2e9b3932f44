import type { Advice } from '../shared/advice.ts';
import { assertNever } from '../shared/errors.ts';
import {
  formatCount,
  formatEpoch,
  formatLoss,
  formatQuantity,
  formatShare,
} from '../shared/format/numbers.ts';
import { mean } from '../shared/statistics/averages.ts';
import { byChance, isWithinChance, meanParts } from './chance.ts';
import { stageOf, type RunCourse, type Stage } from './course.ts';
import type { RunHistory } from './history.ts';
import { lowestMean, meanLoss, measure, window, type Measured } from './smoothed-losses.ts';

export type VerdictKind =
  | 'too-short'
  | 'learning'
  | 'plateau'
  | 'overfitting'
  | 'exploding'
  | 'exploded'
  /** The learning rate has reached zero as planned. */
  | 'complete'
  /** The loss had not improved for as long as the run's settings allow. */
  | 'ended-early';

/** The verdict on a run. */
export interface RunVerdict {
  readonly kind: VerdictKind;
  /** One sentence with the numbers behind it. */
  readonly sentence: string;
  /** One sentence on what to do, from char-rnn's own guidance; null where there is nothing to do but wait. */
  readonly advice: string | Advice | null;
  /** The epoch of the lowest validation loss when the run overfits since then, or ended because it did not improve; null otherwise. */
  readonly since: number | null;
}

/** A relative change of a loss below this share is negligible, whatever its cause: some hundredths of a nat on most texts. */
const negligible = 0.005;
/** A run that learned something and then loses this factor of it, or more, is falling apart. */
const collapse = 1.5;
/** Training loss within this share of validation loss: the model is too small to memorise the text. */
const closeBelow = 0.05;

/**
 * Judges a run by its losses over time: pure, and fast enough to repeat after every evaluation. The rules are char-rnn's guidance: use the lowest
 * validation loss, which may not be the last; training far below validation is overfitting, both close together is underfitting. Changes that a small
 * validation split may show by chance (chance.ts) do not count; if chance cannot be determined, the bound is half a percent. A learning rate that
 * falls to zero at a planned end improves the loss most at the end: before that nothing is a plateau, and then the run is complete.
 * @param course the plan of the run; null if unknown
 */
export function judgeRun(history: RunHistory, course: RunCourse | null = null): RunVerdict {
  const stage = stageOf(course, history.steps.at(-1)?.iteration ?? 0);
  return exploded(history) ?? exploding(history) ?? judgeEvaluations(measure(history), stage);
}

function exploded({ explosions, steps }: RunHistory): RunVerdict | undefined {
  const last = explosions.at(-1);
  const reached = steps.at(-1)?.iteration ?? 0;
  if (last === undefined || last.action !== 'stop' || reached > last.iteration) return undefined;
  return verdict(
    'exploded',
    `The loss exploded at iteration ${formatCount(last.iteration)} (${formatLoss(last.loss)}) and the run stopped there.`,
    { kind: 'lower-rate-or-recover' },
  );
}

function exploding({ explosions, steps }: RunHistory): RunVerdict | undefined {
  const last = explosions.at(-1);
  const reached = steps.at(-1)?.iteration ?? 0;
  const advice = 'Use a lower learning rate.';
  if (last?.action === 'recover' && reached <= last.iteration) {
    const sentence = `The loss exploded at iteration ${formatCount(last.iteration)}; the run returned to its last good checkpoint and continued at a lower learning rate.`;
    return verdict('exploding', sentence, advice);
  }
  const now = meanLoss(steps.slice(-window));
  const least = lowestMean(steps);
  // Fewer than two windows: a first rise may be chance, and there is no earlier mean to compare with.
  if (steps.length < 2 * window || !(now > collapse * least)) return undefined;
  const sentence = `The training loss is rising: from ${formatLoss(least)} to ${formatLoss(now)}.`;
  return verdict('exploding', sentence, advice);
}

function judgeEvaluations(measured: readonly Measured[], stage: Stage): RunVerdict {
  const last = measured.at(-1);
  const best = lowest(measured);
  if (last === undefined || best === undefined || measured.length < 2) return tooShort(last);
  if (stage.kind === 'ended-early') return endedEarly(best, last, stage.patience);
  const memorised = overfitting(measured, best, last);
  if (memorised !== undefined) return memorised;
  switch (stage.kind) {
    case 'open':
      return plateau(measured, last) ?? stillLearning(measured, best, last);
    case 'falling': {
      const learning = stillLearning(measured, best, last);
      return plateau(measured, last) === undefined ? learning : rateStillFalls(learning, stage.done);
    }
    case 'at-zero':
      return complete(best, last);
    default:
      return assertNever(stage);
  }
}

/** With a high learning rate the loss stalls, and falls as the learning rate does. */
function rateStillFalls(learning: RunVerdict, done: number): RunVerdict {
  const left = formatShare(1 - done);
  return {
    ...learning,
    sentence: `${learning.sentence.replace(/\.$/, '')}; the learning rate still has ${left} of its decrease ahead, where losses fall most.`,
  };
}

/** At a learning rate of zero nothing changes: the run cannot continue, only a new one helps. */
function complete(best: Measured, last: Measured): RunVerdict {
  const lowestOne =
    best === last
      ? `the validation loss is at its lowest, ${formatLoss(last.validation)}`
      : `the validation loss is ${formatLoss(last.validation)}, after a low of ${formatLoss(best.validation)} at epoch ${formatEpoch(best.epoch)}`;
  const sentence = `Complete: the learning rate has reached zero as planned, and ${lowestOne}.`;
  const gap = (last.validation - last.train) / last.validation;
  const advice =
    gap < closeBelow
      ? 'A new, longer run or a larger model would learn more.'
      : 'A new, longer run may improve it slightly; more dropout or a longer text would help.';
  return verdict('complete', sentence, advice);
}

function endedEarly(best: Measured, last: Measured, patience: number): RunVerdict {
  const sentence =
    `Ended early: the validation loss had not improved for ${formatQuantity(patience, 'measurement')}. It was lowest at epoch ` +
    `${formatEpoch(best.epoch)} (${formatLoss(best.validation)}) and was ${formatLoss(last.validation)} at the end.`;
  const advice = `Use the checkpoint of epoch ${formatEpoch(best.epoch)}; more dropout or a longer text would help.`;
  return { kind: 'ended-early', sentence, advice, since: best.epoch };
}

function tooShort(only: Measured | undefined): RunVerdict {
  const so =
    only === undefined
      ? 'nothing has been measured yet'
      : `only one measurement so far (validation loss ${formatLoss(only.validation)})`;
  return verdict('too-short', `Too early to tell: ${so}.`, null);
}

/** Validation has stayed above its lowest for two evaluations or more and rose, beyond chance, while the training loss kept falling. */
function overfitting(measured: readonly Measured[], best: Measured, last: Measured): RunVerdict | undefined {
  const after = measured.slice(measured.indexOf(best) + 1);
  if (after.length < 2) return undefined;
  const recent = after.slice(-3);
  const risen = mean(recent.map(({ validation }) => validation)) > best.validation * (1 + negligible);
  if (!risen || !(last.train < best.train)) return undefined;
  if (isWithinChance(best.parts, meanParts(recent.map(({ parts }) => parts))) === true) return undefined;
  const sentence =
    `Overfitting since epoch ${formatEpoch(best.epoch)}: the validation loss was lowest there (${formatLoss(best.validation)}) ` +
    `and is ${formatLoss(last.validation)} now, while the training loss fell from ${formatLoss(best.train)} to ${formatLoss(last.train)}.`;
  const advice = `Use the checkpoint of epoch ${formatEpoch(best.epoch)}; more dropout, a smaller model or a longer text would help.`;
  return { kind: 'overfitting', sentence, advice, since: best.epoch };
}

/** Every model pauses at letter frequencies before it discovers words: there is no plateau before this many iterations or epochs. */
const firstRest = { iterations: 1000, epochs: 10 };

/** The last quarter of the evaluations (three at least) did not lower the validation loss noticeably. */
function plateau(measured: readonly Measured[], last: Measured): RunVerdict | undefined {
  if (last.iteration < firstRest.iterations && last.epoch < firstRest.epochs) return undefined;
  const recent = Math.max(3, Math.ceil(measured.length / 4));
  const before = lowest(measured.slice(0, -recent));
  const since = lowest(measured.slice(-recent));
  // With nothing before, everything is an improvement.
  if (before === undefined || since === undefined) return undefined;
  const isChance = isWithinChance(before.parts, since.parts) === true;
  if (since.validation < before.validation * (1 - negligible) && !isChance) return undefined;
  const bound = Math.min(before.validation, since.validation);
  const sentence =
    since.validation < before.validation && isChance
      ? `At a plateau: the last ${formatCount(recent)} measurements lowered the validation loss to ${formatLoss(bound)}, ${byChance}.`
      : `At a plateau: the last ${formatCount(recent)} measurements did not lower the validation loss below ${formatLoss(bound)}.`;
  const gap = (last.validation - last.train) / last.validation;
  const advice =
    gap < closeBelow
      ? 'Training and validation loss are close, so a larger model would learn more.'
      : 'Training longer would change little; more dropout or a longer text would help.';
  return verdict('plateau', sentence, advice);
}

function stillLearning(measured: readonly Measured[], best: Measured, last: Measured): RunVerdict {
  return verdict(
    'learning',
    best === last ? fellSentence(measured.at(-2) ?? last, last) : nearSentence(best, last),
    null,
  );
}

function fellSentence(previous: Measured, last: Measured): string {
  const chance = isWithinChance(previous.parts, last.parts) === true ? `, ${byChance}` : '';
  return `Still learning: the validation loss fell from ${formatLoss(previous.validation)} to ${formatLoss(last.validation)} between the last two measurements${chance}.`;
}

function nearSentence(best: Measured, last: Measured): string {
  const opening = `Still learning: the validation loss is ${formatLoss(last.validation)}`;
  const lowestOne = `its lowest of ${formatLoss(best.validation)} (epoch ${formatEpoch(best.epoch)})`;
  return isWithinChance(best.parts, last.parts) === true
    ? `${opening}, above ${lowestOne} ${byChance}.`
    : `${opening}, near ${lowestOne}.`;
}

/** The measurement with the lowest validation loss, the earlier of equals. */
function lowest(measured: readonly Measured[]): Measured | undefined {
  return measured.reduce<Measured | undefined>(
    (found, point) => (found === undefined || point.validation < found.validation ? point : found),
    undefined,
  );
}

function verdict(kind: VerdictKind, sentence: string, advice: RunVerdict['advice']): RunVerdict {
  return { kind, sentence, advice, since: null };
}
