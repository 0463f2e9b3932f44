import { cellOf } from '../../../shared/domain/cells.ts';
import { stateShapes } from '../../../shared/domain/model-tensors.ts';
import type { NetworkOptions } from '../backend.ts';
import type { CarriedState } from './cells/cell.ts';
import { assertDefined } from './cells/assert-defined.ts';
import type { Output } from './graph/graph.ts';
import type { Operations } from './graph/operations.ts';
import type { Variable, Variables } from './graph/variables.ts';
import type { RowGroupShape } from './layer.ts';
import { names } from './names.ts';
import type { ModelWeights } from './parameters.ts';
import type { GraphPlan } from './plan.ts';
import { runForward, type GraphModel, type Masks, type RowGroup } from './row-group.ts';

/** Everything the parts of a network's graph are written with. */
export interface GraphContext {
  readonly tf: Operations;
  readonly variables: Variables;
  readonly model: GraphModel;
  readonly options: NetworkOptions;
  readonly plan: GraphPlan;
}

/** Variables for a carried state of `rows` rows, their names prefixed. */
export function declareStates(
  { variables, model }: GraphContext,
  rows: number,
  prefix: string,
): readonly Variable[] {
  return stateShapes(model.spec, rows).map(({ name, shape }) =>
    variables.declare({ name: prefix + name, shape }),
  );
}

/** The inputs of a forward pass. */
export interface ForwardStart {
  readonly weights: ModelWeights;
  /** In reading order, [S*B]. */
  readonly symbols: Output;
  readonly state: readonly Variable[];
  /** False if no gradient will be needed; nothing is dropped then. */
  readonly training: boolean;
}

/** The forward pass of every row group. */
export function writeRowGroups(
  writer: GraphContext,
  { weights, symbols, state, training }: ForwardStart,
): readonly RowGroup[] {
  const { tf, model, options, plan } = writer;
  const pieces = cutByRowGroup(writer, symbols, 'int32');
  const states = state.map((variable) => tf.split(variable.value, plan.rowGroups, 0));
  const keeps = options.records
    ? cutByRowGroup(
        writer,
        tf.placeholder(keepName(training), 'float32', [symbolCount(options), 1]),
        'float32',
      )
    : [];
  const sites = training && model.spec.dropout > 0 ? writeMasks(writer) : [];
  return plan.rowGroups.map((_, group) => {
    const initial = states.map((parts) => assertDefined(parts[group]));
    const masks: Masks = sites.map((site) => assertDefined(site[group]));
    return runForward(tf, model, rowGroupShape(writer, group), {
      weights,
      symbols: assertDefined(pieces[group]),
      initial: statesByLayer(model, initial),
      masks,
      keep: keeps[group],
      training,
    });
  });
}

function keepName(training: boolean): string {
  return (training ? names.train : names.evaluate).keep;
}

/** One placeholder for each dropout site, split by row group and chunk. */
function writeMasks(writer: GraphContext): (readonly Output[])[][] {
  const { tf, model, options } = writer;
  return Array.from({ length: model.spec.numLayers }, (_, index) => {
    const shape = [symbolCount(options), model.spec.rnnSize];
    const mask = tf.placeholder(names.train.mask(index + 1), 'float32', shape);
    return cutByRowGroup(writer, mask, 'float32');
  });
}

/** Splits rows that are laid out group by group, and within a group time step by time step, into [group][chunk]. */
export function cutByRowGroup({ tf, plan }: GraphContext, a: Output, type: 'float32' | 'int32'): Output[][] {
  const sizes = plan.rowGroups.flatMap((rows) => plan.chunks.map((steps) => rows * steps));
  const pieces = tf.split(a, sizes, 0, type);
  return plan.rowGroups.map((_, group) =>
    pieces.slice(group * plan.chunks.length, (group + 1) * plan.chunks.length),
  );
}

/** The cross entropy of each symbol of a chunk [steps*rows], and its gradient [steps*rows, V]. */
export function scoreSymbols(
  { tf, plan, model }: GraphContext,
  logits: Output,
  labels: Output,
): { readonly losses: Output; readonly gradient: Output } {
  if (plan.symbols === 'index') return tf.crossEntropy(logits, labels);
  return tf.writtenOutCrossEntropy(logits, labels, model.spec.vocabularySize);
}

/** Mean cross entropy of all symbols from the vectors of their losses. */
export function meanLoss(tf: Operations, losses: readonly Output[], options: NetworkOptions): Output {
  const total = tf.sumOfVector(tf.concat(losses, 0));
  return tf.multiply(total, tf.scalar(1 / symbolCount(options)));
}

/** Carries the final states of all row groups over to the next run; returns the writing nodes. */
export function writeStates(
  writer: GraphContext,
  state: readonly Variable[],
  rowGroups: readonly RowGroup[],
): string[] {
  const { tf } = writer;
  const finals = rowGroups.map((rowGroup) => rowGroup.passes.flatMap(({ final }) => final));
  return state.map((variable, index) =>
    variable.assign(
      tf.concat(
        finals.map((parts) => assertDefined(parts[index])),
        0,
      ),
    ),
  );
}

/** From the canonical order to one carried state for each layer. */
export function statesByLayer({ spec }: GraphModel, values: readonly Output[]): CarriedState[] {
  const count = cellOf(spec).states.length;
  return Array.from({ length: spec.numLayers }, (_, layer) => {
    const [h, ...others] = values.slice(layer * count, (layer + 1) * count);
    return [assertDefined(h), ...others];
  });
}

function rowGroupShape({ plan, model }: GraphContext, group: number): RowGroupShape {
  const { rnnSize, vocabularySize } = model.spec;
  return { rows: assertDefined(plan.rowGroups[group]), chunks: plan.chunks, rnnSize, vocabularySize };
}

/** Symbols in a batch. */
export function symbolCount({ batchSize, sequenceLength }: NetworkOptions): number {
  return batchSize * sequenceLength;
}
