import { adviceInWords, inWords } from '../shared/advice.ts';
import type { RunSettings } from '../shared/domain/run-settings.ts';
import { isBusy, type RunState } from '../shared/domain/run-state.ts';
import type { Verdict } from '../shared/domain/run.ts';
import { assertNever } from '../shared/errors.ts';
import type { RunVerdict } from './verdict.ts';

/** A verdict as pages show it: with settings for a new run that would do better, by char-rnn's guidance. */
export function withRemedy(verdict: RunVerdict, settings: RunSettings | null, state: RunState): Verdict {
  const sentence = [verdict.sentence, inWords(verdict.advice, adviceInWords)]
    .filter((part) => part !== null)
    .join(' ');
  return {
    kind: kindOf(verdict, state, settings !== null && hasPlannedEnd(settings)),
    sentence,
    remedy: settings === null ? null : remedyFor(verdict, settings, !isBusy(state)),
  };
}

function kindOf({ kind }: RunVerdict, state: RunState, isPlanned: boolean): Verdict['kind'] {
  switch (kind) {
    case 'too-short':
      return 'too-early';
    case 'learning':
      if (isBusy(state)) return 'learning';
      if (state !== 'finished' && state !== 'imported') return 'stopped';
      // A schedule that ends has its own verdict for an end as planned: complete.
      return isPlanned ? 'learning' : 'done';
    case 'plateau':
    case 'overfitting':
    case 'exploding':
    case 'complete':
    case 'ended-early':
      return kind;
    case 'exploded':
      return 'exploding';
    default:
      return assertNever(kind);
  }
}

function remedyFor({ kind }: RunVerdict, settings: RunSettings, hasEnded: boolean): Verdict['remedy'] {
  const { rnnSize, learningRate, maxEpochs, maxIterations } = settings;
  switch (kind) {
    case 'overfitting':
    case 'ended-early':
      return againstOverfitting(settings);
    case 'complete':
      return remedy('Plan a run twice as long', {
        maxEpochs: 2 * maxEpochs,
        ...(maxIterations > 0 ? { maxIterations: 2 * maxIterations } : {}),
      });
    case 'plateau':
      return remedy('Try a larger model', { rnnSize: Math.min(1024, rnnSize * 2) });
    case 'exploding':
    case 'exploded':
      return remedy('Try with half the learning rate', { learningRate: learningRate / 2 });
    case 'learning':
      // The run is still improving: it needs time. A learning rate with a planned end continues in the same run.
      return hasEnded && !hasPlannedEnd(settings)
        ? { ...remedy('Continue from the best', { maxEpochs }), fromBest: true }
        : null;
    case 'too-short':
      return null;
    default:
      return assertNever(kind);
  }
}

/** Measurements to wait for a better one, where a run is given patience: about a quarter of those that a preset makes. */
const usualPatience = 6;

/** The new run ends automatically when it overfits again. */
function againstOverfitting({ dropout, rnnSize, patience }: RunSettings): Verdict['remedy'] {
  const ends = patience > 0 ? {} : { patience: usualPatience };
  return dropout < 0.5
    ? remedy('Try with more dropout', {
        dropout: Math.min(0.5, Math.round((dropout + 0.25) * 100) / 100),
        ...ends,
      })
    : remedy('Try a smaller model', { rnnSize: Math.max(16, Math.round(rnnSize / 2)), ...ends });
}

function hasPlannedEnd({ schedule }: RunSettings): boolean {
  return schedule === 'cosine' || schedule === 'linear';
}

function remedy(label: string, settings: Record<string, number>): NonNullable<Verdict['remedy']> {
  return { label, settings, fromBest: false };
}
