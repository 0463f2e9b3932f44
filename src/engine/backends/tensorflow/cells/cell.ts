import type { Output } from '../graph/graph.ts';

/** What a layer carries from one time step to the next, each [rows, H]; c in LSTM only. */
export interface CarriedState {
  readonly h: Output;
  readonly c?: Output;
}

/**
 * One layer's recurrence, written forwards and backwards by hand (no tape: the graph holds nothing it does not need). The gates
 * are handled in blocks that share one recurrent operand: LSTM and RNN have one block; GRU has two, since its candidate
 * sees r*h instead of h.
 */
export interface Cell {
  /** Gates in each block, in the canonical order; they sum to G. */
  readonly blocks: readonly number[];
  /**
   * One time step. `projected` is Wx·x + bx + bh by block, each [rows, gates*H]; `recurrent` is Wh by block, each [gates*H, H].
   */
  step(projected: readonly Output[], recurrent: readonly Output[], previous: CarriedState): CellStep;
}

export interface CellStep {
  readonly state: CarriedState;
  /** Pulls the gradient of this step's state back; `needsPrevious` is false where truncation ends the chain. */
  backward(gradient: StateGradient, needsPrevious: boolean): StepGradient;
}

export interface StateGradient {
  readonly h: Output;
  /** Absent at the last time step, where nothing later depends on c. */
  readonly c?: Output;
}

export interface StepGradient {
  /** Gradient of the gates before their nonlinearity, by block, each [rows, gates*H]. */
  readonly gates: readonly Output[];
  /** What each block's recurrent weights were multiplied with, each [rows, H]. */
  readonly operands: readonly Output[];
  /** Gradient of the previous step's state, when it was asked for. */
  readonly previous?: StateGradient;
}
