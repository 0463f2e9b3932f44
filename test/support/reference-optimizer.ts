import type { NetworkOptions, StepOptions } from '../../src/engine/backends/backend.ts';
import { gateCount, parameterShapes } from '../../src/shared/domain/model-tensors.ts';
import type { ModelSpec } from '../../src/shared/domain/model-spec.ts';
import type { Values } from './reference-network.ts';

/**
 * The optimisers in float64, written from their papers, one number at a time: clip, weight decay, update, average. Gradients are given, so it is
 * as right for any network.
 */
export interface ReferenceOptimizer {
  readonly parameters: Values;
  readonly m: Values;
  readonly v: Values;
  readonly average: Values;
  /** Changes them all. Gives the norm of the clipped gradients and the share of the numbers that the clip changed. */
  step(gradients: Values, options: StepOptions): { readonly norm: number; readonly clipped: number };
}

type Matrix = number[][];

const product = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) => b[0]?.map((_, j) => row.reduce((sum, x, k) => sum + x * (b[k]?.[j] ?? NaN), 0)) ?? []);
const transposed = (a: Matrix): Matrix => a[0]?.map((_, j) => a.map((row) => row[j] ?? NaN)) ?? [];
const combined = (...terms: readonly (readonly [number, Matrix])[]): Matrix =>
  (terms[0]?.[1] ?? []).map((row, i) =>
    row.map((_, j) => terms.reduce((sum, [factor, matrix]) => sum + factor * (matrix[i]?.[j] ?? NaN), 0)),
  );

/** Keller Jordan's quintic iteration, as he wrote it down: it takes every singular value of a matrix near to 1. */
export function newtonSchulz(matrix: Matrix): Matrix {
  const norm = Math.sqrt(matrix.flat().reduce((sum, x) => sum + x * x, 0));
  let x = combined([1 / (norm + 1e-7), matrix]);
  for (let iteration = 0; iteration < 5; iteration++) {
    const a = product(x, transposed(x));
    const b = combined([-4.775, a], [2.0315, product(a, a)]);
    x = combined([3.4445, x], [1, product(b, x)]);
  }
  return x;
}

/** Orthogonal directions for the gates of a matrix [gates * H, H], each for itself. */
function orthogonalGates(values: Float64Array, size: number): Float64Array {
  const gates = values.length / (size * size);
  const blocks = Array.from({ length: gates }, (_, gate) =>
    newtonSchulz(
      Array.from({ length: size }, (_, row) => {
        const at = (gate * size + row) * size;
        return [...values.subarray(at, at + size)];
      }),
    ),
  );
  return Float64Array.from(blocks.flat(2));
}

/** An optimiser before its first step. */
export function referenceOptimizer(
  spec: ModelSpec,
  options: NetworkOptions,
  initial: Values,
): ReferenceOptimizer {
  const zeros = (): Values =>
    new Map(
      parameterShapes(spec).map(({ name }) => [name, new Float64Array(initial.get(name)?.length ?? 0)]),
    );
  const parameters: Values = new Map(
    parameterShapes(spec).map(({ name }) => [name, Float64Array.from(initial.get(name) ?? [])]),
  );
  const state = { parameters, m: zeros(), v: zeros(), average: zeros() };
  return { ...state, step: (gradients, step) => advance(spec, options, state, gradients, step) };
}

type State = Omit<ReferenceOptimizer, 'step'>;

function advance(
  spec: ModelSpec,
  options: NetworkOptions,
  state: State,
  raw: Values,
  step: StepOptions,
): { norm: number; clipped: number } {
  const { gradients, clipped } = clip(options, raw);
  const { learningRate, averageWeight = 0 } = step;
  for (const { name, shape } of parameterShapes(spec)) {
    const [p, g, average] = [state.parameters, gradients, state.average].map((group) => group.get(name));
    if (p === undefined || g === undefined || average === undefined) throw new Error(`no tensor ${name}`);
    const isMatrix = shape.length === 2;
    if (isMatrix) p.forEach((x, i) => (p[i] = x * (1 - learningRate * options.optimizer.weightDecay)));
    const change = changeOf(spec, options, state, name, g, step.iteration);
    p.forEach((x, i) => (p[i] = x - learningRate * (change[i] ?? NaN)));
    average.forEach((x, i) => (average[i] = x + averageWeight * ((p[i] ?? NaN) - x)));
  }
  return { norm: normOf(gradients), clipped };
}

function normOf(gradients: Values): number {
  return Math.hypot(...[...gradients.values()].map((values) => Math.hypot(...values)));
}

function clip({ clip: { by, bound } }: NetworkOptions, raw: Values): { gradients: Values; clipped: number } {
  const norm = normOf(raw);
  const one = (g: number): number =>
    by === 'element' ? Math.min(bound, Math.max(-bound, g)) : g * Math.min(1, bound / norm);
  const gradients: Values = new Map([...raw].map(([name, values]) => [name, values.map(one)]));
  const pairs = [...raw].flatMap(([name, values]) =>
    [...values].map((g, i) => [g, gradients.get(name)?.[i]]),
  );
  return { gradients, clipped: pairs.filter(([before, after]) => before !== after).length / pairs.length };
}

/** What a parameter changes by, for a rate of 1. */
function changeOf(
  spec: ModelSpec,
  { optimizer: { kind, decayRate } }: NetworkOptions,
  state: State,
  name: string,
  g: Float64Array,
  iteration: number,
): Float64Array {
  const [m, v] = [state.m.get(name), state.v.get(name)];
  if (m === undefined || v === undefined) throw new Error(`no tensor ${name}`);
  const blend = (mean: Float64Array, decay: number, of: (x: number) => number): void =>
    mean.forEach((x, i) => (mean[i] = decay * x + (1 - decay) * of(g[i] ?? NaN)));
  const square = (x: number): number => x * x;
  if (kind === 'rmsprop') {
    blend(m, decayRate, square);
    return g.map((x, i) => x / (Math.sqrt(m[i] ?? NaN) + 1e-8));
  }
  if (kind === 'muon' && isHidden(name)) {
    blend(m, 0.95, (x) => x);
    const ahead = g.map((x, i) => 0.95 * (m[i] ?? NaN) + 0.05 * x);
    if (ahead.length !== gateCount(spec) * spec.rnnSize ** 2) throw new Error(`${name} is not square`);
    return orthogonalGates(ahead, spec.rnnSize).map((x) => 5 * x);
  }
  const [beta1, beta2] = kind === 'muon' ? [0.95, 0.99] : [0.9, 0.999];
  blend(m, beta1, (x) => x);
  blend(v, beta2, square);
  return g.map((_, i) => {
    const mean = (m[i] ?? NaN) / (1 - beta1 ** iteration);
    return mean / (Math.sqrt((v[i] ?? NaN) / (1 - beta2 ** iteration)) + 1e-8);
  });
}

/** Whether a parameter maps a hidden state on: every recurrent matrix, and the input's from the second layer on. */
function isHidden(name: string): boolean {
  return name.endsWith('.wh') || (name.endsWith('.wx') && name !== 'layers.0.wx');
}
