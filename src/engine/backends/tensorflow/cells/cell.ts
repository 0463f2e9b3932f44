import type { Output } from '../graph/graph.ts';
import type { Normalised } from '../layer-norm.ts';

/** What a layer carries from one time step to the next, each [rows, H]: h, then the cell's other states in the order of shared/domain/cells.ts. */
export type CarriedState = readonly [Output, ...Output[]];

/** The gradient of each carried state; of those besides h it is absent at the last time step, where nothing later depends on them. */
export type StateGradient = readonly [Output, ...(Output | undefined)[]];

/** Something multiplied with weights, layer-normalised where the model is: [rows, gates*H]. */
export interface Product {
  readonly output: Output;
  backward(gradient: Output): ProductGradient;
}

export interface ProductGradient {
  /** Of the bare product, before any normalisation, [rows, gates*H]: what the gradient of the weights is made from. */
  readonly product: Output;
  /** What sums over all rows to the gradient of the gain, [rows, gates*H]; absent where nothing is normalised. */
  readonly gain: Output | undefined;
  /** Writes the gradient of the multiplied operand, [rows, H]. */
  operand(): Output;
}

/** Multiplies its operand with weights. */
export type Multiplication = (operand: Output) => Product;

/** What a cell computes with. */
export interface CellWeights {
  /** By group of gates (`gateGroups` of shared/domain/cells.ts): the product of [rows, H] with the group's recurrent weights. */
  readonly recurrent: readonly Multiplication[];
  /** Normalises a cell state before its tanh, [rows, H], with its gain and bias; absent in a plain cell. */
  readonly normaliseState: ((state: Output) => Normalised) | undefined;
}

/** One layer's recurrence, written forwards and backwards by hand (no tape: the graph holds nothing it does not need). */
export interface Cell {
  /** One time step. `projected` is the input's contribution to the gates, with both biases, by group, each [rows, gates*H]. */
  step(projected: readonly Output[], weights: CellWeights, previous: CarriedState): CellStep;
}

export interface CellStep {
  readonly state: CarriedState;
  /** Propagates the gradient of this step's state back; `needsPrevious` is false where truncation ends the chain. */
  backward(gradient: StateGradient, needsPrevious: boolean): StepGradient;
}

export interface StepGradient {
  /** Gradient of the gates before their nonlinearity, by group, each [rows, gates*H]. */
  readonly gates: readonly Output[];
  /** By group. */
  readonly products: readonly RecurrentGradient[];
  /** Of a normalised state; absent otherwise. */
  readonly stateNorm?: StateNormGradient | undefined;
  /** Gradient of the previous step's state, if it was requested. */
  readonly previous?: StateGradient;
}

/** What the gradient of one group's recurrent weights is made from. */
export interface RecurrentGradient {
  /** What the weights were multiplied with, [rows, H]. */
  readonly operand: Output;
  readonly gradient: ProductGradient;
}

/** What sums over all rows to the gradients of a state's gain and bias, each [rows, H]. */
export interface StateNormGradient {
  readonly gain: Output;
  readonly bias: Output;
}
