import { assertNever } from '../../../shared/errors.ts';
import type { NetworkOptions } from '../backend.ts';
import { assertDefined } from './cells/assert-defined.ts';
import type { Output } from './graph/graph.ts';
import type { Operations } from './graph/operations.ts';
import type { Variable } from './graph/variables.ts';
import type { ParameterVariables } from './parameters.ts';

/** Variables the optimiser reads and writes, each by parameter name. */
export interface OptimizerVariables {
  readonly parameters: ParameterVariables;
  /** What the optimiser keeps, by the slots of shared/domain/optimizers.ts. */
  readonly slots: ReadonlyMap<string, ParameterVariables>;
  /** The running average of the parameters, where one is kept. */
  readonly average: ParameterVariables | undefined;
  /** The gradients as they were before the clamp, kept for verification. */
  readonly gradients: ParameterVariables;
}

/** Scalars fed at each step. */
export interface StepScalars {
  readonly rate: Output;
  /** w of the running average; absent where none is kept. */
  readonly averageWeight: Output | undefined;
  /** What the optimiser needs besides, by its names in shared/domain/optimizers.ts. */
  readonly optimizer: ReadonlyMap<string, Output>;
}

export interface Update {
  /** Half the squared norm of all gradients after the clamp, and of all parameters after the update. */
  readonly halfGradientNorm: Output;
  readonly halfParameterNorm: Output;
  /** Nodes that write the new values. */
  readonly writes: readonly string[];
}

const EPSILON = 1e-8;

/** Writes clamp, optimiser and norms for every parameter; `gradientOf` gives the gradient summed over time. */
export function updateParameters(
  tf: Operations,
  options: NetworkOptions,
  variables: OptimizerVariables,
  scalars: StepScalars,
  gradientOf: (parameter: string) => Output,
): Update {
  const writes: string[] = [];
  const gradientNorms: Output[] = [];
  const parameterNorms: Output[] = [];
  for (const [name, parameter] of variables.parameters) {
    const gradient = gradientOf(name);
    const clamped = tf.clamp(gradient, options.clip.bound);
    const memory = (slot: string): Variable => assertDefined(variables.slots.get(slot)?.get(name));
    const { change, memoryWrites } = step(tf, options, memory, clamped, scalars);
    const updated = tf.subtract(parameter.value, tf.multiply(scalars.rate, change));
    writes.push(
      ...memoryWrites,
      parameter.assign(updated),
      assertDefined(variables.gradients.get(name)).assign(gradient),
      ...averageWrites(tf, variables.average?.get(name), updated, scalars),
    );
    gradientNorms.push(tf.halfSquaredNorm(clamped));
    parameterNorms.push(tf.halfSquaredNorm(updated));
  }
  return {
    halfGradientNorm: tf.sum(gradientNorms),
    halfParameterNorm: tf.sum(parameterNorms),
    writes,
  };
}

/** average += w * (parameter - average). */
function averageWrites(
  tf: Operations,
  average: Variable | undefined,
  updated: Output,
  { averageWeight }: StepScalars,
): string[] {
  if (average === undefined) return [];
  const difference = tf.subtract(updated, average.value);
  return [average.assign(tf.add(average.value, tf.multiply(assertDefined(averageWeight), difference)))];
}

/** The direction of one parameter's change, before the learning rate. */
function step(
  tf: Operations,
  options: NetworkOptions,
  memory: (slot: string) => Variable,
  gradient: Output,
  scalars: StepScalars,
): { change: Output; memoryWrites: string[] } {
  const m = memory('m');
  switch (options.optimizer.kind) {
    case 'rmsprop': {
      const squares = blend(tf, m.value, tf.square(gradient), options.optimizer.decayRate);
      return { change: overRoot(tf, gradient, squares), memoryWrites: [m.assign(squares)] };
    }
    case 'adam': {
      const squareMemory = memory('v');
      const mean = blend(tf, m.value, gradient, 0.9);
      const squares = blend(tf, squareMemory.value, tf.square(gradient), 0.999);
      const change = overRoot(
        tf,
        tf.divide(mean, assertDefined(scalars.optimizer.get('meanCorrection'))),
        tf.divide(squares, assertDefined(scalars.optimizer.get('squareCorrection'))),
      );
      return { change, memoryWrites: [m.assign(mean), squareMemory.assign(squares)] };
    }
    case 'muon':
      throw new Error('Muon is not written yet');
    default:
      return assertNever(options.optimizer.kind);
  }
}

/** rate * old + (1 - rate) * new. */
function blend(tf: Operations, old: Output, fresh: Output, rate: number): Output {
  return tf.add(tf.multiply(old, tf.scalar(rate)), tf.multiply(fresh, tf.scalar(1 - rate)));
}

/** a / (sqrt(squares) + epsilon): epsilon OUTSIDE the root, as in Torch's optim. */
function overRoot(tf: Operations, a: Output, squares: Output): Output {
  return tf.divide(a, tf.add(tf.squareRoot(squares), tf.scalar(EPSILON)));
}
