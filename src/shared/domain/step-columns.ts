import { z } from 'zod';
import { count, measure } from './common.ts';
import type { StepEvent } from './run-event.ts';

/**
 * Many steps sent to a page, as columns of equal length: half the bytes of the same number of events, and the form a chart needs. They are made from
 * events here and converted back here, without loss.
 */
export const stepColumnsSchema = z.strictObject({
  iteration: z.array(count).readonly(),
  epoch: z.array(z.number()).readonly(),
  loss: z.array(measure).readonly(),
  learningRate: z.array(z.number()).readonly(),
  gradientNorm: z.array(measure).readonly(),
  parameterNorm: z.array(measure).readonly(),
  /** Duration of each step in milliseconds. */
  milliseconds: z.array(z.number()).readonly(),
});
export type StepColumns = Readonly<z.infer<typeof stepColumnsSchema>>;

/** Steps as columns. */
export function columnsOf(steps: readonly StepEvent[]): StepColumns {
  return {
    iteration: steps.map(({ iteration }) => iteration),
    epoch: steps.map(({ epoch }) => epoch),
    loss: steps.map(({ loss }) => loss),
    learningRate: steps.map(({ learningRate }) => learningRate),
    gradientNorm: steps.map(({ gradientNorm }) => gradientNorm),
    parameterNorm: steps.map(({ parameterNorm }) => parameterNorm),
    milliseconds: steps.map(({ milliseconds }) => milliseconds),
  };
}

/** The steps from columns, in order. */
export function stepsOf(columns: StepColumns): readonly StepEvent[] {
  return columns.iteration.map((iteration, index) => ({
    kind: 'step',
    iteration,
    epoch: columns.epoch[index] ?? 0,
    loss: columns.loss[index] ?? null,
    learningRate: columns.learningRate[index] ?? 0,
    gradientNorm: columns.gradientNorm[index] ?? null,
    parameterNorm: columns.parameterNorm[index] ?? null,
    milliseconds: columns.milliseconds[index] ?? 0,
  }));
}

/** The steps after an iteration. */
export function stepsAfter(columns: StepColumns, iteration: number): StepColumns {
  const first = columns.iteration.findIndex((value) => value > iteration);
  const from = first < 0 ? columns.iteration.length : first;
  if (from === 0) return columns;
  return {
    iteration: columns.iteration.slice(from),
    epoch: columns.epoch.slice(from),
    loss: columns.loss.slice(from),
    learningRate: columns.learningRate.slice(from),
    gradientNorm: columns.gradientNorm.slice(from),
    parameterNorm: columns.parameterNorm.slice(from),
    milliseconds: columns.milliseconds.slice(from),
  };
}
