import type { Curve, CurveLook } from './curve.ts';
import type { RunSeries } from './run-series.ts';
import type { RatePlan, RateSettings } from '../../shared/planning/learning-rate.ts';
import { ratesAhead } from '../../shared/planning/rates-ahead.ts';
import { smooth, smoothingWeight } from './smoothing.ts';

const look: CurveLook = { colour: '--accent', dash: [], marker: 'none', width: 1.5, opacity: 1 };
const aheadLook: CurveLook = { ...look, dash: [4, 4], width: 1 };
/** As many points as a small chart can show. */
const aheadPoints = 300;
/** The time of a single step means little: other programs share the machine. */
const speedSpan = 20;

/** Internal values of a run over iterations. */
export function meterCurves(
  series: RunSeries,
  charactersPerStep: number,
): Readonly<Record<'learningRate' | 'gradientNorm' | 'speed', Curve>> {
  const x = series.iteration;
  const time = smooth(series.milliseconds, smoothingWeight(speedSpan));
  const speed = time.map((milliseconds) =>
    milliseconds > 0 ? (charactersPerStep / milliseconds) * 1000 : NaN,
  );
  return {
    learningRate: { id: 'learning-rate', label: 'Learning rate', x, y: series.learningRate, look },
    gradientNorm: { id: 'gradient-norm', label: 'Gradient norm', x, y: series.gradientNorm, look },
    speed: { id: 'speed', label: 'Characters a second', x, y: speed, look },
  };
}

/** The learning-rate schedule ahead of the run's position, dashed; null at the planned end. */
export function rateAhead(series: RunSeries, settings: RateSettings, plan: RatePlan): Curve | null {
  const last = {
    iteration: series.iteration.at(-1) ?? 0,
    learningRate: series.learningRate.at(-1) ?? settings.learningRate,
  };
  const { iteration, rate } = ratesAhead(last, settings, plan, aheadPoints);
  if (iteration.length === 0) return null;
  return {
    id: 'learning-rate-ahead',
    label: 'Learning rate, planned',
    x: iteration,
    y: rate,
    look: aheadLook,
  };
}
