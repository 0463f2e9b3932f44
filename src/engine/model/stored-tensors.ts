import type { ModelSpec } from '../../shared/domain/model-spec.ts';
import {
  averageShapes,
  optimizerShapes,
  parameterShapes,
  stateShapes,
  type TensorShape,
} from '../../shared/domain/model-tensors.ts';
import type { NetworkOptions } from '../backends/backend.ts';
import type { OptimizerKind } from '../../shared/domain/optimizers.ts';

/** The tensors that a network keeps between steps, in the order of a checkpoint. */
export interface StoredTensors {
  /** Always present. */
  readonly parameters: readonly TensorShape[];
  /** All or none: without them the optimiser starts from zero. */
  readonly optimizer: readonly TensorShape[];
  /** All or none: without them the average restarts. Empty if a run keeps none. */
  readonly average: readonly TensorShape[];
  /** All or none: without them the text is read from its beginning. */
  readonly state: readonly TensorShape[];
}

/** What decides, besides the model, which tensors a run keeps. */
export interface StoredWith {
  readonly optimizer: OptimizerKind;
  readonly batchSize: number;
  readonly averaging: boolean;
}

/** The same for a network's options. */
export function keptWith({ optimizer, batchSize, averaging }: NetworkOptions): StoredWith {
  return { optimizer: optimizer.kind, batchSize, averaging };
}

/** The tensors of a model that trains in this way. */
export function storedTensors(
  spec: ModelSpec,
  { optimizer, batchSize, averaging }: StoredWith,
): StoredTensors {
  return {
    parameters: parameterShapes(spec),
    optimizer: optimizerShapes(spec, optimizer),
    average: averaging ? averageShapes(spec) : [],
    state: stateShapes(spec, batchSize),
  };
}

/** All of them, in the order of a checkpoint. */
export function allTensors({ parameters, optimizer, average, state }: StoredTensors): readonly TensorShape[] {
  return [...parameters, ...optimizer, ...average, ...state];
}

/** The first problem with given tensors. */
export type Misfit =
  | { readonly kind: 'missing'; readonly name: string }
  | { readonly kind: 'unknown'; readonly name: string }
  | {
      readonly kind: 'misshapen';
      readonly name: string;
      readonly found: readonly number[];
      readonly expected: readonly number[];
    };

/** Whether these are exactly the stored tensors: every parameter, all or none of each other group, nothing else. */
export function findMisfit(stored: StoredTensors, tensors: readonly TensorShape[]): Misfit | undefined {
  const present = new Map(tensors.map(({ name, shape }) => [name, shape]));
  const groups = [
    stored.parameters,
    ...[stored.optimizer, stored.average, stored.state].filter((group) =>
      group.some(({ name }) => present.has(name)),
    ),
  ];
  for (const { name, shape: expected } of groups.flat()) {
    const found = present.get(name);
    if (found === undefined) return { kind: 'missing', name };
    if (found.join() !== expected.join()) return { kind: 'misshapen', name, found, expected };
    present.delete(name);
  }
  const [unknown] = present.keys();
  return unknown === undefined ? undefined : { kind: 'unknown', name: unknown };
}
