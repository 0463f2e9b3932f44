import type { Advice } from '../../../shared/advice.ts';
import type { ModelSpec } from '../../../shared/domain/model-spec.ts';
import { CharloomError } from '../../../shared/errors.ts';
import { formatBytes } from '../../../shared/format/numbers.ts';
import { forecastBytes, type TrainingSize } from './memory.ts';

/** Share of a device's memory that a network may plan with: the library, its workspaces and other programs take the rest. */
const usableShare = 0.9;
/** When memory ran out although the forecast fitted, somebody else holds some: the proposal takes this share of the forecast. */
const cautiousShare = 0.5;

/** Where the memory is. */
export interface DeviceMemory {
  readonly kind: 'cpu' | 'gpu';
  /** All there is, in bytes; undefined when nobody could say. */
  readonly memoryBytes?: number | undefined;
}

/** Refuses a network that cannot fit, before anything is allocated. Throws CharloomError('bad-setting') with settings that fit. */
export function checkMemory(spec: ModelSpec, size: TrainingSize, device: DeviceMemory): void {
  const needed = forecastBytes(spec, size, device.kind);
  const { memoryBytes } = device;
  if (memoryBytes === undefined || needed <= memoryBytes) return;
  const where = device.kind === 'gpu' ? 'the graphics card' : 'this machine';
  throw new CharloomError(
    'bad-setting',
    `Training ${describe(spec, size)} needs about ${formatBytes(needed)} of memory; ${where} has ${formatBytes(memoryBytes)}.`,
    { fix: proposal(spec, size, { bytes: memoryBytes * usableShare, device: device.kind }) },
  );
}

/** What TensorFlow says when the device's memory is used up. */
export function isOutOfMemory(error: unknown): boolean {
  return (
    error instanceof Error &&
    /\bOOM when allocating\b|ResourceExhausted|RESOURCE_EXHAUSTED|CUDA_ERROR_OUT_OF_MEMORY|failed to allocate memory/i.test(
      error.message,
    )
  );
}

/** A failed allocation as a sentence, with settings that would fit. */
export function outOfMemoryError(
  spec: ModelSpec,
  size: TrainingSize,
  device: DeviceMemory,
  cause: unknown,
): CharloomError {
  const needed = forecastBytes(spec, size, device.kind);
  const budget = Math.min(needed * cautiousShare, (device.memoryBytes ?? Infinity) * usableShare);
  const where = device.kind === 'gpu' ? "The graphics card's memory" : 'The memory';
  return new CharloomError(
    'bad-setting',
    `${where} ran out: training ${describe(spec, size)} needs about ${formatBytes(needed)}.`,
    { fix: proposal(spec, size, { bytes: budget, device: device.kind }), cause },
  );
}

/** Memory that a network may take, and where it is. */
export interface Budget {
  readonly bytes: number;
  readonly device: 'cpu' | 'gpu';
}

type SettingsThatFit = Extract<Advice, { kind: 'use-setting' }>['settings'];

/** The largest batch size, sequence length or, when the weights alone are too large, rnn size within a budget. */
export function settingsThatFit(spec: ModelSpec, size: TrainingSize, budget: Budget): SettingsThatFit {
  const fits = (change: Partial<TrainingSize>): boolean =>
    forecastBytes(spec, { ...size, ...change }, budget.device) <= budget.bytes;
  const batchSize = largest(size.batchSize - 1, (value) => fits({ batchSize: value }));
  const sequenceLength = largest(size.sequenceLength - 1, (value) => fits({ sequenceLength: value }));
  const found = [
    { setting: 'batchSize', value: batchSize } as const,
    { setting: 'sequenceLength', value: sequenceLength } as const,
  ].filter(({ value }) => value > 0);
  if (found.length > 0) return found;
  const rnnSize = largest(
    spec.rnnSize - 1,
    (value) => forecastBytes({ ...spec, rnnSize: value }, size, budget.device) <= budget.bytes,
  );
  return rnnSize > 0 ? [{ setting: 'rnnSize', value: rnnSize }] : [];
}

function proposal(spec: ModelSpec, size: TrainingSize, budget: Budget): string | Advice {
  const settings = settingsThatFit(spec, size, budget);
  return settings.length === 0 ? 'Use a smaller model.' : { kind: 'use-setting', settings };
}

function describe(
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
