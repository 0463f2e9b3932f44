import { assertNever } from '../../../shared/errors.ts';
import { gateCount } from '../../../shared/domain/model-tensors.ts';
import type { ModelSpec } from '../../../shared/domain/model-spec.ts';
import { muonRateRatio } from '../../../shared/domain/optimizers.ts';
import type { NetworkOptions } from '../backend.ts';
import { clipGradients } from './clip.ts';
import { isHiddenMatrix, muonMomentum, orthogonalise } from './muon.ts';
import { assertDefined } from './cells/assert-defined.ts';
import type { Output } from './graph/graph.ts';
import type { Operations } from './graph/operations.ts';
import type { Variable } from './graph/variables.ts';
import type { ParameterVariables } from './parameters.ts';

/** Variables the optimiser reads and writes, each by parameter name. */
export interface OptimizerVariables {
  readonly parameters: ParameterVariables;
  /** The optimiser's state, by the slots of shared/domain/optimizers.ts. */
  readonly slots: ReadonlyMap<string, ParameterVariables>;
  /** The running average of the parameters, where one is kept. */
  readonly average: ParameterVariables | undefined;
  /** The gradients as they were before the clip, kept for verification. */
  readonly gradients: ParameterVariables;
}

/** Scalars fed at each step. */
export interface StepScalars {
  readonly rate: Output;
  /** w of the running average; absent where none is kept. */
  readonly averageWeight: Output | undefined;
  /** Further scalars of the optimiser, by their names in shared/domain/optimizers.ts. */
  readonly optimizer: ReadonlyMap<string, Output>;
}

export interface Update {
  /** Half the squared norm of all gradients after the clip, and of all parameters after the update. */
  readonly halfGradientNorm: Output;
  readonly halfParameterNorm: Output;
  /** Nodes that write the new values. */
  readonly writes: readonly string[];
}

export interface UpdateSettings {
  readonly spec: ModelSpec;
  readonly options: NetworkOptions;
}

const EPSILON = 1e-8;

/** Writes clip, weight decay, optimiser, average and norms for every parameter, from the gradients summed over time. */
export function updateParameters(
  tf: Operations,
  { spec, options }: UpdateSettings,
  variables: OptimizerVariables,
  scalars: StepScalars,
  gradients: ReadonlyMap<string, Output>,
): Update {
  const writes: string[] = [];
  const parameterNorms: Output[] = [];
  const { clipped, halfNorm } = clipGradients(tf, options.clip, gradients);
  const shrunk = weightDecay(tf, options.optimizer.weightDecay, scalars.rate);
  for (const [name, parameter] of variables.parameters) {
    const gradient = assertDefined(clipped.get(name));
    const memory = (slot: string): Variable => assertDefined(variables.slots.get(slot)?.get(name));
    const { change, memoryWrites } = step(tf, { spec, options }, name, memory, gradient, scalars);
    const updated = tf.subtract(shrunk(parameter), tf.multiply(scalars.rate, change));
    writes.push(
      ...memoryWrites,
      parameter.assign(updated),
      assertDefined(variables.gradients.get(name)).assign(assertDefined(gradients.get(name))),
      ...averageWrites(tf, variables.average?.get(name), updated, scalars),
    );
    parameterNorms.push(tf.halfSquaredNorm(updated));
  }
  return { halfGradientNorm: halfNorm, halfParameterNorm: tf.sum(parameterNorms), writes };
}

/** A parameter before its update: with weight decay every matrix is already multiplied by 1 - rate * decay. */
function weightDecay(tf: Operations, decay: number, rate: Output): (parameter: Variable) => Output {
  if (decay === 0) return ({ value }) => value;
  const kept = tf.subtract(tf.scalar(1), tf.multiply(rate, tf.scalar(decay)));
  return ({ value, shape }) => (shape.length === 2 ? tf.multiply(value, kept) : value);
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

interface Step {
  /** The direction of a parameter's change, before the learning rate. */
  readonly change: Output;
  readonly memoryWrites: readonly string[];
}

function step(
  tf: Operations,
  { spec, options }: UpdateSettings,
  name: string,
  memory: (slot: string) => Variable,
  gradient: Output,
  scalars: StepScalars,
): Step {
  switch (options.optimizer.kind) {
    case 'rmsprop': {
      const m = memory('m');
      const squares = blend(tf, m.value, tf.square(gradient), options.optimizer.decayRate);
      return { change: overRoot(tf, gradient, squares), memoryWrites: [m.assign(squares)] };
    }
    case 'adam':
      return adam(tf, [0.9, 0.999], memory, gradient, scalars);
    case 'muon':
      if (!isHiddenMatrix(name)) return adam(tf, [muonMomentum, 0.99], memory, gradient, scalars);
      return muon(tf, spec, memory('m'), gradient);
    default:
      return assertNever(options.optimizer.kind);
  }
}

function adam(
  tf: Operations,
  [meanRate, squareRate]: readonly [number, number],
  memory: (slot: string) => Variable,
  gradient: Output,
  scalars: StepScalars,
): Step {
  const [m, v] = [memory('m'), memory('v')];
  const mean = blend(tf, m.value, gradient, meanRate);
  const squares = blend(tf, v.value, tf.square(gradient), squareRate);
  const change = overRoot(
    tf,
    tf.divide(mean, assertDefined(scalars.optimizer.get('meanCorrection'))),
    tf.divide(squares, assertDefined(scalars.optimizer.get('squareCorrection'))),
  );
  return { change, memoryWrites: [m.assign(mean), v.assign(squares)] };
}

/** Nesterov momentum, orthogonalised. */
function muon(tf: Operations, spec: ModelSpec, m: Variable, gradient: Output): Step {
  const momentum = blend(tf, m.value, gradient, muonMomentum);
  const ahead = blend(tf, momentum, gradient, muonMomentum);
  const direction = orthogonalise(tf, ahead, gateCount(spec), spec.rnnSize);
  return { change: tf.multiply(direction, tf.scalar(muonRateRatio)), memoryWrites: [m.assign(momentum)] };
}

/** rate * old + (1 - rate) * new. */
function blend(tf: Operations, old: Output, fresh: Output, rate: number): Output {
  return tf.add(tf.multiply(old, tf.scalar(rate)), tf.multiply(fresh, tf.scalar(1 - rate)));
}

/** a / (sqrt(squares) + epsilon): epsilon OUTSIDE the root, as in Torch's optim. */
function overRoot(tf: Operations, a: Output, squares: Output): Output {
  return tf.divide(a, tf.add(tf.squareRoot(squares), tf.scalar(EPSILON)));
}
