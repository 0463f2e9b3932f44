import type { Advice } from '../../../shared/advice.ts';
import type { ModelSpec } from '../../../shared/domain/model-spec.ts';
import { CharloomError } from '../../../shared/errors.ts';
import { formatBytes } from '../../../shared/format/numbers.ts';
import { adviceThatFits, describeTraining, type Fits, type TrainingSize } from '../settings-that-fit.ts';
import { forecastBytes } from './memory.ts';

/** Share of a device's memory that a network may plan with: the library, its workspaces and other programs take the rest. */
const usableShare = 0.9;
/** If memory ran out although the forecast fitted, other programs use some: the suggested settings need at most this share of the forecast. */
const cautiousShare = 0.5;

/** Where the memory is. */
export interface DeviceMemory {
  readonly kind: 'cpu' | 'gpu';
  /** Total memory in bytes; undefined if unknown. */
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
    `Training ${describeTraining(spec, size)} needs about ${formatBytes(needed)} of memory; ${where} has ${formatBytes(memoryBytes)}.`,
    { fix: proposal(spec, size, { bytes: memoryBytes * usableShare, device: device.kind }) },
  );
}

/** TensorFlow's error when the device's memory is used up. */
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
    `${where} ran out: training ${describeTraining(spec, size)} needs about ${formatBytes(needed)}.`,
    { fix: proposal(spec, size, { bytes: budget, device: device.kind }), cause },
  );
}

/** Memory that a network may take, and where it is. */
interface Budget {
  readonly bytes: number;
  readonly device: 'cpu' | 'gpu';
}

function proposal(spec: ModelSpec, size: TrainingSize, budget: Budget): string | Advice {
  return adviceThatFits(spec, size, fitsInto(budget));
}

/** Whether a network's forecast is within a budget. */
export function fitsInto({ bytes, device }: Budget): Fits {
  return (spec, size) => forecastBytes(spec, size, device) <= bytes;
}
