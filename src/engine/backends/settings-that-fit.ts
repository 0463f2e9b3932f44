import type { Advice } from '../../shared/advice.ts';
import type { ModelSpec } from '../../shared/domain/model-spec.ts';
import type { OptimizerKind } from '../../shared/domain/optimizers.ts';

/** The settings, besides the model, that decide how much memory training takes. */
export interface TrainingSize {
  readonly batchSize: number;
  readonly sequenceLength: number;
  readonly optimizer: { readonly kind: OptimizerKind };
  readonly averaging: boolean;
  readonly weightDrop: number;
  readonly records: boolean;
}

/** Whether a model of this size can be trained. Must be monotonic: a smaller model always fits if a larger one does. */
export type Fits = (spec: ModelSpec, size: TrainingSize) => boolean;

type SettingsThatFit = Extract<Advice, { kind: 'use-setting' }>['settings'];

/** The largest batch size, sequence length or, when the weights alone are too large, rnn size that fits. */
export function settingsThatFit(spec: ModelSpec, size: TrainingSize, fits: Fits): SettingsThatFit {
  const batchSize = largest(size.batchSize - 1, (value) => fits(spec, { ...size, batchSize: value }));
  const sequenceLength = largest(size.sequenceLength - 1, (value) =>
    fits(spec, { ...size, sequenceLength: value }),
  );
  const found = [
    { setting: 'batchSize', value: batchSize } as const,
    { setting: 'sequenceLength', value: sequenceLength } as const,
  ].filter(({ value }) => value > 0);
  if (found.length > 0) return found;
  const rnnSize = largest(spec.rnnSize - 1, (value) => fits({ ...spec, rnnSize: value }, size));
  return rnnSize > 0 ? [{ setting: 'rnnSize', value: rnnSize }] : [];
}

/** What to do about a model that does not fit. */
export function adviceThatFits(spec: ModelSpec, size: TrainingSize, fits: Fits): string | Advice {
  const settings = settingsThatFit(spec, size, fits);
  return settings.length === 0 ? 'Use a smaller model.' : { kind: 'use-setting', settings };
}

/** A model and its batches in a sentence: "LSTM 2x512 with batches of 50 x 50". */
export function describeTraining(
  { model, numLayers, rnnSize }: ModelSpec,
  { batchSize, sequenceLength }: TrainingSize,
): string {
  return `${model.toUpperCase()} ${numLayers}x${rnnSize} with batches of ${batchSize} x ${sequenceLength}`;
}

/** The largest whole number up to `most` that fits, 0 when none does; a smaller number always needs less. */
function largest(most: number, fits: (value: number) => boolean): number {
  let low = 0;
  let high = most;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
