import type { Product, ProductGradient, StepGradient } from './cells/cell.ts';
import { assertDefined } from './cells/assert-defined.ts';
import type { Gradients } from './gradients.ts';
import type { Output } from './graph/graph.ts';
import type { Operations } from './graph/operations.ts';
import { sumRows } from './products.ts';
import type { RowGroupShape } from './layer.ts';
import type { SymbolEncoding } from './plan.ts';

/** One chunk after its backward pass. */
export interface ChunkTrace {
  /** Symbols [steps*rows] in layer 0, [steps*rows, H] elsewhere. */
  readonly input: Output;
  readonly projection: Product;
  /** By time. */
  readonly steps: readonly StepGradient[];
}

/** Adds one chunk's contribution to the gradients of layer `index`; returns the gradient of its projected input. */
export function addGradients(
  tf: Operations,
  symbols: SymbolEncoding,
  shape: RowGroupShape,
  index: number,
  chunk: ChunkTrace,
  gradients: Gradients,
): ProductGradient {
  const add = (part: string, partial: Output): void => gradients.add(`layers.${index}.${part}`, partial);
  const { steps, input } = chunk;
  const rows = steps.length * shape.rows;
  const gates = groupsOf(steps).map((group) => stack(tf, steps, (step) => step.gates[group]));
  for (const [group, stacked] of gates.entries()) {
    addRecurrentGradients(tf, add, shape, steps, { group, gates: stacked });
  }
  addStateGradients(tf, add, shape, steps);
  const sums = tf.concat(gates, 1);
  add('bias', sumRows(tf, sums, rows));
  const projected = chunk.projection.backward(sums);
  if (projected.gain !== undefined) add('gx', sumRows(tf, projected.gain, rows));
  add(
    'wx',
    index === 0
      ? sumBySymbol(tf, symbols, projected.product, input, shape.vocabularySize)
      : tf.matMul(projected.product, input, { transposeA: true }),
  );
  return projected;
}

/**
 * Adds the gradients of one group's recurrent weights, and of their gain if the product is normalised. `gates` are the gradients of the group's gates
 * at all steps, [steps*rows, gates*H].
 */
function addRecurrentGradients(
  tf: Operations,
  add: (part: string, partial: Output) => void,
  { rows }: RowGroupShape,
  steps: readonly StepGradient[],
  { group, gates }: { readonly group: number; readonly gates: Output },
): void {
  const gains = steps.flatMap(({ products }) => products[group]?.gradient.gain ?? []);
  const isNormalised = gains.length > 0;
  // A bare product's gradient is that of the gates.
  const products = isNormalised ? stack(tf, steps, (step) => step.products[group]?.gradient.product) : gates;
  const operands = stack(tf, steps, (step) => step.products[group]?.operand);
  add(`wh.${group}`, tf.matMul(products, operands, { transposeA: true }));
  if (isNormalised) add(`gh.${group}`, sumRows(tf, tf.sum(gains), rows));
}

/** Adds the gradients of a normalised cell state's gain and bias. */
function addStateGradients(
  tf: Operations,
  add: (part: string, partial: Output) => void,
  { rows }: RowGroupShape,
  steps: readonly StepGradient[],
): void {
  const norms = steps.flatMap(({ stateNorm }) => stateNorm ?? []);
  if (norms.length === 0) return;
  const total = (parts: readonly Output[]): Output => sumRows(tf, tf.sum(parts), rows);
  add('gc', total(norms.map(({ gain }) => gain)));
  add('bc', total(norms.map(({ bias }) => bias)));
}

/** Rows summed by the symbol they belong to, [V, columns]. */
function sumBySymbol(
  tf: Operations,
  way: SymbolEncoding,
  rows: Output,
  symbols: Output,
  vocabularySize: number,
): Output {
  if (way === 'index') return tf.scatterRows(rows, symbols, vocabularySize);
  return tf.matMul(tf.oneHot(symbols, vocabularySize), rows, { transposeA: true });
}

function groupsOf(steps: readonly StepGradient[]): readonly number[] {
  return (steps[0]?.gates ?? []).map((_, group) => group);
}

/** The rows of every step, one below the other. */
function stack(
  tf: Operations,
  steps: readonly StepGradient[],
  part: (step: StepGradient) => Output | undefined,
): Output {
  return tf.concat(
    steps.map((step) => assertDefined(part(step))),
    0,
  );
}
