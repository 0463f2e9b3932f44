/** A measurement of the validation loss. */
export interface Measurement {
  readonly iteration: number;
  readonly loss: number;
}

export interface CurveFrame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface CurveScale {
  readonly x: (iteration: number) => number;
  /** Above the frame's upper edge for points above the scale. */
  readonly y: (loss: number) => number;
  readonly isAbove: (loss: number) => boolean;
  readonly losses: readonly [lowest: number, highest: number];
  readonly iterations: readonly [first: number, last: number];
}

/**
 * Positions measurements in a chart. The start of training is so much higher than the rest that the valley would be a line at the bottom, so the
 * scale ends above nine tenths of the measurements, unless the whole range is requested; the caller marks what is above.
 */
export function curveScale(
  measurements: readonly Measurement[],
  frame: CurveFrame,
  range: 'valley' | 'whole' = 'valley',
): CurveScale {
  const losses = measurements.map(({ loss }) => loss).toSorted((a, b) => a - b);
  const lowest = losses[0] ?? 0;
  const isWhole = range === 'whole' || losses.length < 8;
  const upper = isWhole ? losses.length - 1 : Math.floor(losses.length * 0.9);
  const highest = Math.max(losses[upper] ?? 1, lowest + 1e-4);
  const iterations = measurements.map(({ iteration }) => iteration);
  const first = Math.min(...iterations, Infinity);
  const last = Math.max(...iterations, -Infinity);
  const span = last - first;
  const width = frame.width - frame.left - frame.right;
  const height = frame.height - frame.top - frame.bottom;
  return {
    // A single measurement is in the middle.
    x: (iteration) => frame.left + (span > 0 ? (iteration - first) / span : 0.5) * width,
    y: (loss) => {
      const share = (loss - lowest) / (highest - lowest);
      return frame.height - frame.bottom - share * height;
    },
    isAbove: (loss) => loss > highest,
    losses: [lowest, highest],
    iterations: [first, last],
  };
}

/** Measurements by iteration, one each, in order: those of a curve and those of checkpoints together. */
export function mergeMeasurements(...lists: readonly (readonly Measurement[])[]): readonly Measurement[] {
  const byIteration = new Map(lists.flat().map((measurement) => [measurement.iteration, measurement]));
  return [...byIteration.values()].toSorted((a, b) => a.iteration - b.iteration);
}
