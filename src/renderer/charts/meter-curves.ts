import type { Curve, CurveLook } from './curve.ts';
import type { RunSeries } from './run-series.ts';
import { smooth, smoothingWeight } from './smoothing.ts';

const look: CurveLook = { colour: '--accent', dash: [], marker: 'none', width: 1.5, opacity: 1 };
/** A single step's time says little: other programs share the machine. */
const speedSpan = 20;

/** What a person may want to see of the inner workings of a run, over iterations. */
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
