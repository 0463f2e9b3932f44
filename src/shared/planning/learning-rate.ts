import type { RunSettings } from '../domain/run-settings.ts';
import { assertNever } from '../errors.ts';
import type { ChunkPlan } from './plan-types.ts';

/** The settings that decide the learning rate. */
export type RateSettings = Pick<
  RunSettings,
  'schedule' | 'warmup' | 'learningRate' | 'learningRateDecay' | 'learningRateDecayAfter'
>;
export type RatePlan = Pick<ChunkPlan, 'iterations' | 'iterationsPerEpoch'>;

/** The position of a run, as far as its learning rate depends on it. */
export interface RatePosition {
  /** Iterations done. */
  readonly iteration: number;
  /** The learning rate of the last iteration; before the first, that of the settings. */
  readonly learningRate: number;
  /** How often the learning rate was halved after an explosion. */
  readonly recoveries: number;
}

/**
 * The learning rate of the next iteration.
 *
 * epochs is char-rnn's: the learning rate is multiplied by the decay at the last iteration of every epoch from `learningRateDecayAfter` on (train.lua:
 * `if i % ntrain == 0 and decay < 1 and epoch >= after`); with the defaults the tenth epoch ends with the first decay. It follows from the previous
 * learning rate. All others follow from the iteration and the planned end alone, so that moving the end changes the learning rate.
 */
export function nextLearningRate(position: RatePosition, settings: RateSettings, plan: RatePlan): number {
  const { iteration, learningRate, recoveries } = position;
  if (settings.schedule !== 'epochs')
    return plannedLearningRate(iteration + 1, settings, plan) * 0.5 ** recoveries;
  const endsEpoch = iteration > 0 && iteration % plan.iterationsPerEpoch === 0;
  const hasBegun = iteration / plan.iterationsPerEpoch >= settings.learningRateDecayAfter;
  const decays = endsEpoch && hasBegun && settings.learningRateDecay < 1;
  return decays ? learningRate * settings.learningRateDecay : learningRate;
}

/** The learning rate at the start of a session: the planned end may have changed since the save was written. */
export function startingLearningRate(position: RatePosition, settings: RateSettings, plan: RatePlan): number {
  return settings.schedule === 'epochs' ? position.learningRate : nextLearningRate(position, settings, plan);
}

/** The learning rate of iteration `iteration`, from 1, without the effect of explosions; zero beyond the planned end if the schedule falls to zero. */
function plannedLearningRate(
  iteration: number,
  { schedule, warmup, learningRate }: RateSettings,
  { iterations }: RatePlan,
): number {
  const rising = Math.floor(warmup * iterations);
  const rise = rising === 0 ? 1 : Math.min(1, iteration / rising);
  const done = (iteration - 1 - rising) / Math.max(1, iterations - rising);
  return learningRate * rise * shareLeft(schedule, Math.min(1, Math.max(0, done)));
}

/** The remaining share of the learning rate after this share of the decrease. */
function shareLeft(schedule: RunSettings['schedule'], done: number): number {
  switch (schedule) {
    case 'epochs':
    case 'constant':
      return 1;
    case 'cosine':
      return (1 + Math.cos(Math.PI * done)) / 2;
    case 'linear':
      return 1 - done;
    default:
      return assertNever(schedule);
  }
}
