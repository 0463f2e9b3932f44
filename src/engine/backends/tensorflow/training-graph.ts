import { optimizers } from '../../../shared/domain/optimizers.ts';
import { assertDefined } from './cells/assert-defined.ts';
import { Gradients } from './gradients.ts';
import {
  cutByRowGroup,
  meanLoss,
  scoreSymbols,
  symbolCount,
  writeStates,
  writeRowGroups,
  type GraphContext,
} from './graph-context.ts';
import type { Output } from './graph/graph.ts';
import type { Operations } from './graph/operations.ts';
import type { Variable } from './graph/variables.ts';
import { names } from './names.ts';
import { updateParameters, type OptimizerVariables, type StepScalars } from './optimizer.ts';
import { readWeights, type ModelWeights } from './parameters.ts';
import { writeWeightDrop, type WeightDrop } from './weight-drop.ts';
import { runBackward } from './row-group.ts';

/** Writes one training step: forward, backward, clip, optimiser, average, carried state. */
export function writeTraining(
  writer: GraphContext,
  state: readonly Variable[],
  optimizer: OptimizerVariables,
): void {
  const { tf, options, model } = writer;
  const { train } = names;
  const { spec } = model;
  const trained = (name: string): Output => assertDefined(optimizer.parameters.get(name)).value;
  const drop = writeWeightDrop(tf, spec, options, trained);
  const weights = readWeights(tf, spec, drop.value);
  const symbols = tf.placeholder(train.x, 'int32', [symbolCount(options)]);
  const rowGroups = writeRowGroups(writer, { weights, symbols, state, training: true });
  const labels = cutByRowGroup(writer, tf.placeholder(train.y, 'int32', [symbolCount(options)]), 'int32');
  const gradients = new Gradients();
  const losses: Output[] = [];
  const perRow = tf.scalar(1 / options.batchSize);
  for (const [index, rowGroup] of rowGroups.entries()) {
    const scored = rowGroup.logits.map((logits, chunk) =>
      scoreSymbols(writer, logits, assertDefined(labels[index]?.[chunk])),
    );
    losses.push(...scored.map((chunk) => chunk.losses));
    const logitGradients = scored.map((chunk) => tf.multiply(chunk.gradient, perRow));
    runBackward(tf, model, rowGroup, logitGradients, gradients);
  }
  const scalars: StepScalars = {
    rate: tf.placeholder(train.rate, 'float32', []),
    averageWeight: options.averaging ? tf.placeholder(train.averageWeight, 'float32', []) : undefined,
    optimizer: new Map(
      optimizers[options.optimizer.kind].scalars.map(({ name }) => [
        name,
        tf.placeholder(train.scalar(name), 'float32', []),
      ]),
    ),
  };
  const totals = totalGradients(tf, gradients, { weights, drop }, optimizer);
  const update = updateParameters(tf, { spec, options }, optimizer, scalars, totals);
  tf.pack([meanLoss(tf, losses, options), update.halfGradientNorm, update.halfParameterNorm], train.result, [
    ...update.writes,
    ...writeStates(writer, state, rowGroups),
  ]);
}

/** Gradients by parameter, in the parameters' shapes. */
function totalGradients(
  tf: Operations,
  gradients: Gradients,
  { weights, drop }: { readonly weights: ModelWeights; readonly drop: WeightDrop },
  { parameters }: OptimizerVariables,
): ReadonlyMap<string, Output> {
  const totals = new Map<string, Output>();
  const set = (name: string, total: Output): void => {
    const { shape } = assertDefined(parameters.get(name));
    totals.set(name, shape.length === 1 ? tf.reshape(total, shape) : drop.gradient(name, total));
  };
  for (const [index, layer] of weights.layers.entries()) {
    const sums = (part: string): Output => gradients.total(tf, `layers.${index}.${part}`);
    for (const [part, total] of layer.parameterGradients(sums)) set(`layers.${index}.${part}`, total);
  }
  for (const name of ['decoder.w', 'decoder.b']) set(name, gradients.total(tf, name));
  return totals;
}
