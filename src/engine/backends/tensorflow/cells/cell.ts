import type { Output } from '../graph/graph.ts';

/** What a layer carries from one time step to the next, each [rows, H]: h, then the cell's other states in the order of shared/domain/cells.ts. */
export type CarriedState = readonly [Output, ...Output[]];

/** The gradient of each carried state; of those besides h it is absent at the last time step, where nothing later depends on them. */
export type StateGradient = readonly [Output, ...(Output | undefined)[]];

/**
 * One layer's recurrence, written forwards and backwards by hand (no tape: the graph holds nothing it does not need). The gates
 * come in groups that share one recurrent operand (`gateGroups` of shared/domain/cells.ts).
 */
export interface Cell {
  /**
   * One time step. `projected` is Wx·x + bx + bh by group, each [rows, gates*H]; `recurrent` is Wh by group, each [gates*H, H].
   */
  step(projected: readonly Output[], recurrent: readonly Output[], previous: CarriedState): CellStep;
}

export interface CellStep {
  readonly state: CarriedState;
  /** Pulls the gradient of this step's state back; `needsPrevious` is false where truncation ends the chain. */
  backward(gradient: StateGradient, needsPrevious: boolean): StepGradient;
}

export interface StepGradient {
  /** Gradient of the gates before their nonlinearity, by group, each [rows, gates*H]. */
  readonly gates: readonly Output[];
  /** What each group's recurrent weights were multiplied with, each [rows, H]. */
  readonly operands: readonly Output[];
  /** Gradient of the previous step's state, when it was asked for. */
  readonly previous?: StateGradient;
}
