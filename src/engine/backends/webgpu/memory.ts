import type { ModelSpec } from '../../../shared/domain/model-spec.ts';
import { CharloomError } from '../../../shared/errors.ts';
import { formatBytes } from '../../../shared/format/numbers.ts';
import { plainTraining } from '../../training/network-options.ts';
import { adviceThatFits, describeTraining, type Fits, type TrainingSize } from '../settings-that-fit.ts';
import { bufferFloats } from './buffers.ts';
import { designOf, type Design } from './design.ts';
import { carriedFloats } from './shape.ts';

/** What limits the memory of a network on a device, in bytes. */
export interface MemoryLimits {
  readonly maxBufferSize: number;
  readonly maxStorageBufferBindingSize: number;
}

/** The size of a workgroup's memory does not affect a network's buffers, so the guaranteed minimum will do. */
const guaranteed = { maxComputeWorkgroupStorageSize: 16_384 };

/** If memory ran out although every buffer was allowed, other programs hold some: the suggested settings need at most this share of the forecast. */
const cautiousShare = 0.5;

function designFor(spec: ModelSpec, size: TrainingSize): Design {
  const optimizer = { ...plainTraining.optimizer, ...size.optimizer };
  return designOf(spec, { ...plainTraining, ...size, optimizer, dropoutSeed: 0 }, guaranteed);
}

function bytesOf(design: Design): number {
  const floats = [...bufferFloats(design).values()].reduce((total, each) => total + each, 0);
  const aside = design.shape.cell.states.length * carriedFloats(design.shape);
  return 4 * (floats + aside);
}

/** The memory that training a model takes on a graphics card, in bytes: all buffers that grow with model or batch. */
export function forecastBytes(spec: ModelSpec, size: TrainingSize): number {
  return bytesOf(designFor(spec, size));
}

/** Bytes of its largest buffer: a device limits each of them. */
export function largestBufferBytes(spec: ModelSpec, size: TrainingSize): number {
  return 4 * Math.max(...bufferFloats(designFor(spec, size)).values());
}

/** Refuses a network of which some buffer is larger than the device allows. Throws CharloomError('bad-setting') with settings that fit. */
export function checkMemory(spec: ModelSpec, size: TrainingSize, limits: MemoryLimits): void {
  const allowed = Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize);
  const largest = largestBufferBytes(spec, size);
  if (largest <= allowed) return;
  const fits: Fits = (someSpec, someSize) => largestBufferBytes(someSpec, someSize) <= allowed;
  throw new CharloomError(
    'bad-setting',
    `Training ${describeTraining(spec, size)} needs ${formatBytes(largest)} of memory in one piece; the graphics card allows ${formatBytes(allowed)}.`,
    { fix: adviceThatFits(spec, size, fits) },
  );
}

/** A failed allocation as a sentence, with settings that would need half as much. */
export function outOfMemoryError(spec: ModelSpec, size: TrainingSize, cause?: unknown): CharloomError {
  const needed = forecastBytes(spec, size);
  const fits: Fits = (someSpec, someSize) => forecastBytes(someSpec, someSize) <= needed * cautiousShare;
  return new CharloomError(
    'bad-setting',
    `The graphics card's memory ran out: training ${describeTraining(spec, size)} needs about ${formatBytes(needed)}.`,
    { fix: adviceThatFits(spec, size, fits), cause },
  );
}
