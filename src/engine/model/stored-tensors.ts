import type { ModelSpec } from '../../shared/domain/model-spec.ts';
import {
  optimizerShapes,
  parameterShapes,
  stateShapes,
  type TensorShape,
} from '../../shared/domain/model-tensors.ts';
import type { OptimizerKind } from '../../shared/domain/optimizers.ts';

/** What a network keeps between steps, in the order of a checkpoint. */
export interface StoredTensors {
  /** Always there. */
  readonly parameters: readonly TensorShape[];
  /** All there or none: without it the optimiser starts anew. */
  readonly optimizer: readonly TensorShape[];
  /** All there or none: without it the text is read from its beginning. */
  readonly state: readonly TensorShape[];
}

/** The tensors of a model that trains with this optimiser on batches of this size. */
export function storedTensors(spec: ModelSpec, optimizer: OptimizerKind, batchSize: number): StoredTensors {
  return {
    parameters: parameterShapes(spec),
    optimizer: optimizerShapes(spec, optimizer),
    state: stateShapes(spec, batchSize),
  };
}

/** All of them, in the order of a checkpoint. */
export function allTensors({ parameters, optimizer, state }: StoredTensors): readonly TensorShape[] {
  return [...parameters, ...optimizer, ...state];
}

/** The first thing wrong with tensors somebody brings. */
export type Misfit =
  | { readonly kind: 'missing'; readonly name: string }
  | { readonly kind: 'unknown'; readonly name: string }
  | {
      readonly kind: 'misshapen';
      readonly name: string;
      readonly found: readonly number[];
      readonly expected: readonly number[];
    };

/** Whether these tensors are what is stored: every parameter, all or nothing of each other group, nothing else. */
export function findMisfit(stored: StoredTensors, tensors: readonly TensorShape[]): Misfit | undefined {
  const present = new Map(tensors.map(({ name, shape }) => [name, shape]));
  const groups = [
    stored.parameters,
    ...[stored.optimizer, stored.state].filter((group) => group.some(({ name }) => present.has(name))),
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
