import { betterWeights, finiteOrNull, type EvaluationEvent } from '../../shared/domain/run-event.ts';
import type { WeightKind } from '../../shared/domain/training-choices.ts';
import { evaluateSplit, type Evaluation } from './evaluate.ts';
import { epochOf } from './schedule.ts';
import type { TrainingHooks, TrainingJob, TrainingProgress } from './training-hooks.ts';

/**
 * Measures the validation loss of the trained weights, and of their average if one is kept, and reports it. Undefined if it was cancelled: the run
 * was suspended midway.
 */
export async function measureValidation(
  job: TrainingJob,
  progress: TrainingProgress,
  hooks: TrainingHooks,
): Promise<EvaluationEvent | undefined> {
  const { iteration } = progress;
  const suspension = new Error('cancelled');
  const passes: readonly WeightKind[] = job.settings.averageDecay > 0 ? ['trained', 'averaged'] : ['trained'];
  const measured: Evaluation[] = [];
  try {
    for (const weights of passes) {
      const { network, symbols, starts, plan } = job;
      const evaluation = await evaluateSplit(
        { network, symbols, starts, plan, split: 'validation', weights },
        async (fraction) => {
          const done = (measured.length + fraction) / passes.length;
          await hooks.onEvaluationProgress?.(done);
          await hooks.keepResumePoint(progress);
          if (done < 1 && hooks.isSuspended?.() === true) throw suspension;
        },
      );
      measured.push(evaluation);
    }
  } catch (error) {
    if (error === suspension) return undefined;
    throw error;
  }
  const event = eventOf(measured, iteration, epochOf(iteration, job.plan));
  hooks.onEvent(event);
  return event;
}

function eventOf(measured: readonly Evaluation[], iteration: number, epoch: number): EvaluationEvent {
  const [trained, averaged] = measured;
  const losses =
    averaged === undefined
      ? {}
      : {
          trainedLoss: finiteOrNull(trained?.loss ?? NaN),
          averagedLoss: finiteOrNull(averaged.loss),
        };
  const used = betterWeights(losses) === 'averaged' ? averaged : trained;
  const { loss = NaN, parts = [] } = used ?? {};
  return {
    kind: 'evaluation',
    iteration,
    epoch,
    validationLoss: finiteOrNull(loss),
    ...losses,
    ...(parts.every(Number.isFinite) ? { parts } : {}),
  };
}
