import { plannedRates, type RatePlan, type RateSettings } from './learning-rate.ts';

/** Learning rates over iterations, in columns of one length. */
export interface RateColumns {
  readonly iteration: Float64Array;
  readonly rate: Float64Array;
}

/** The last step of a run: its iteration, from 1, and the rate that it used. */
export interface LastStep {
  readonly iteration: number;
  readonly learningRate: number;
}

const nothing: RateColumns = { iteration: new Float64Array(0), rate: new Float64Array(0) };

/**
 * The rates from a run's last step to its planned end, as they will be if nothing explodes; empty when the end is reached. At most about `points` of
 * them, the first and the last among them.
 */
export function ratesAhead(
  last: LastStep,
  settings: RateSettings,
  plan: RatePlan,
  points: number,
): RateColumns {
  if (last.iteration < 1 || last.iteration >= plan.iterations) return nothing;
  // From the step before, so that the first is the last step's own and the lines meet.
  const position = {
    iteration: last.iteration - 1,
    learningRate: last.learningRate,
    recoveries: recoveriesOf(last, settings, plan),
  };
  const rates = plannedRates(position, plan.iterations, settings, plan);
  const stride = Math.max(1, Math.ceil(rates.length / points));
  const shown = rates.flatMap((rate, index) =>
    index % stride === 0 || index === rates.length - 1 ? [{ iteration: last.iteration + index, rate }] : [],
  );
  return {
    iteration: Float64Array.from(shown, ({ iteration }) => iteration),
    rate: Float64Array.from(shown, ({ rate }) => rate),
  };
}

/** How often the rate has been halved after an explosion: as often as it is below the plan by a factor of two. */
function recoveriesOf({ iteration, learningRate }: LastStep, settings: RateSettings, plan: RatePlan): number {
  // char-rnn's schedule follows from the rate before, whatever it has come to.
  if (settings.schedule === 'epochs' || !(learningRate > 0)) return 0;
  const start = { iteration: iteration - 1, learningRate: settings.learningRate, recoveries: 0 };
  const [planned = learningRate] = plannedRates(start, iteration, settings, plan);
  return Math.max(0, Math.round(Math.log2(planned / learningRate)));
}
