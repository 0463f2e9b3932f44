import { plainTraining } from '../../training/network-options.ts';
import type { ModelSpec } from '../../../shared/domain/model-spec.ts';
import { parameterShapes, stateShapes } from '../../../shared/domain/model-tensors.ts';
import { drawnBatch, drawnTensors } from '../../verification/drawn-data.ts';
import type { NetworkOptions, StepResult, TensorMap } from '../backend.ts';
import { cellWriters } from './cells/writers.ts';
import { TensorflowNetwork, type TensorflowContext } from './network.ts';
import { planGraph, type Recurrence } from './plan.ts';
import { rootCause } from './root-cause.ts';

/** How a model's layers go through time on this device, and why. */
export interface RecurrenceChoice {
  readonly recurrence: Recurrence;
  /** A sentence without a full stop; undefined where nothing had to be chosen (a processor has no fused kernel). */
  readonly reason: string | undefined;
}

/** The start of the reason why a kernel does not run. */
export const cudnnFails = 'cuDNN fails';

/** A small batch: the check is about layout and mathematics, and costs the card little memory beside the model's own. */
const options: NetworkOptions = {
  batchSize: 3,
  sequenceLength: 7,
  ...plainTraining,
  dropoutSeed: 11,
};
/** The second step sees the state that the first one carried over. */
const steps = 2;
/**
 * Nothing is updated: RMSProp divides a gradient by its own size, so one that is only rounding error makes a full step of either sign, and updated
 * parameters say nothing about the kernels. Losses, gradients, optimiser state and hidden states do.
 */
const learningRate = 0;
/** Largest difference, as a share of a tensor's largest element: what float32 and another order of adding explain. */
const tolerance = 1e-4;

/**
 * Decides whether a model runs on cuDNN's kernels: only on a card, only for recurrences that cuDNN computes as char-rnn does, and only after this
 * very model (its sizes, its dropout) has given the same losses, gradients and states with and without them. After any failure it chooses the
 * stepwise graph, which runs everywhere.
 */
export function chooseRecurrence(
  host: TensorflowContext & { readonly device: { readonly kind: 'cpu' | 'gpu'; readonly threads: number } },
  spec: ModelSpec,
): RecurrenceChoice {
  if (host.device.kind === 'cpu') return { recurrence: 'stepwise', reason: undefined };
  if (spec.layerNorm) return { recurrence: 'stepwise', reason: 'cuDNN has no layer-normalised cells' };
  const { cudnn } = cellWriters[spec.model];
  if ('reason' in cudnn) return { recurrence: 'stepwise', reason: cudnn.reason };
  try {
    const [stepwise, fused] = (['stepwise', 'fused'] as const).map((recurrence) => {
      const plan = planGraph(spec, options, host.device, recurrence);
      return train(new TensorflowNetwork(host, spec, options, plan));
    });
    const difference = largestDifference(stepwise ?? new Map(), fused ?? new Map());
    if (difference <= tolerance) {
      return { recurrence: 'fused', reason: `cuDNN agrees to ${difference.toExponential(0)}` };
    }
    return { recurrence: 'stepwise', reason: `cuDNN differs by ${difference.toExponential(0)}` };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { recurrence: 'stepwise', reason: `${cudnnFails}: ${rootCause(message)}` };
  }
}

/** Trains a network on fixed numbers and returns everything it computed, by name; the network is disposed afterwards. */
function train(network: TensorflowNetwork): ReadonlyMap<string, ArrayLike<number>> {
  try {
    network.importTensors(initialTensors(network.spec));
    const results = Array.from({ length: steps }, (_, step) =>
      network.trainStep(drawnBatch(network.spec, options, step), { iteration: step + 1, learningRate }),
    );
    const evaluated = network.evaluate(drawnBatch(network.spec, options, steps));
    return new Map<string, ArrayLike<number>>([
      ['losses', [...results.flatMap(numbersOf), evaluated]],
      ...named('gradient', network.exportGradients()),
      ...named('tensor', network.exportTensors()),
    ]);
  } finally {
    network.dispose();
  }
}

function numbersOf({ loss, gradientNorm, parameterNorm }: StepResult): number[] {
  return [loss, gradientNorm, parameterNorm];
}

function named(kind: string, tensors: TensorMap): (readonly [string, Float32Array])[] {
  return [...tensors].map(([name, { data }]) => [`${kind} ${name}`, data] as const);
}

/** Weights small enough for the number of units that no gate saturates and every gate has an effect. */
function initialTensors(spec: ModelSpec): TensorMap {
  const shapes = [...parameterShapes(spec), ...stateShapes(spec, options.batchSize)];
  return drawnTensors(shapes, 1 / Math.sqrt(Math.max(4, spec.rnnSize)));
}

/** NaN where anything is missing or not a number, so that no comparison with a bound holds. */
function largestDifference(
  expected: ReadonlyMap<string, ArrayLike<number>>,
  actual: ReadonlyMap<string, ArrayLike<number>>,
): number {
  const differences = [...expected].map(([name, values]) => {
    const others = actual.get(name);
    let scale = 1e-6;
    let apart = 0;
    for (let index = 0; index < values.length; index++) {
      const value = values[index] ?? Number.NaN;
      scale = Math.max(scale, Math.abs(value));
      apart = Math.max(apart, Math.abs(value - (others?.[index] ?? Number.NaN)));
    }
    return apart / scale;
  });
  return Math.max(...differences);
}
