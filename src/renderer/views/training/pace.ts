import { evaluationPasses } from '../../../shared/planning/evaluations.ts';
import { planChunks } from '../../../shared/planning/plan.ts';
import type { Run } from '../../../shared/domain/run.ts';
import { charactersPerSecond, timeLeft } from '../../stores/time-left.ts';

/** What is known about the speed of a run. */
export interface Pace {
  /** Characters a second; null while no step is known. */
  readonly speed: number | null;
  readonly millisecondsLeft: number | null;
}

interface Observed {
  readonly iteration: number;
  readonly recent: Float64Array;
  readonly evaluationMilliseconds: number | null;
}

export function paceOf({ settings, text, iterations }: Run, observed: Observed): Pace {
  if (settings === null) return { speed: null, millisecondsLeft: null };
  const { iteration, recent, evaluationMilliseconds } = observed;
  const { validation } = planChunks({ ...settings, characters: text.characters }).chunks;
  return {
    speed: charactersPerSecond(recent, settings.batchSize * settings.sequenceLength),
    millisecondsLeft: timeLeft({
      iteration,
      iterations,
      evaluateEvery: settings.evaluateEvery,
      validationChunks: validation * evaluationPasses(settings),
      recent,
      evaluationMilliseconds,
    }),
  };
}
