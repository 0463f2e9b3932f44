import type { BufferName } from '../buffer-names.ts';
import type { NetworkShape } from '../shape.ts';
import type { Binding } from '../wgsl/kernel.ts';

/**
 * The work of a cell between the products of a time step, in WGSL, four units at a time. Its gates are the variables `<name>Gate` (vec4f): forwards
 * they arrive as sums of products and biases and leave as values; backwards they arrive as values and leave as the gradients of those sums. Addresses
 * in vectors of four: `before` (zeros where a record starts) and `after` in buffers of states [L][S + 1][B][H], `at` in buffers of rows [L][N][H],
 * `carried` in buffers [L][B][H].
 */
export interface CellProgram {
  /** Its additional buffers, in floats. */
  buffers(shape: NetworkShape): Partial<Readonly<Record<BufferName, number>>>;
  /** For each group of gates the buffer that its recurrent weights are multiplied with. */
  readonly operands: readonly RecurrentOperand[];
  /** One for each group of gates, in order. The last one sets `made` (vec4f), the new hidden state. */
  readonly forward: readonly ForwardPhase[];
  /** One for each group of gates. */
  readonly backward: readonly BackwardPhase[];
}

/** h of the time step before, or what a cell derives from it: [L][N][H]. */
export type RecurrentOperand = 'hidden' | 'operand';

export interface ForwardPhase {
  /** The group of gates that it computes. */
  readonly group: number;
  /** Other groups whose values it reads. */
  readonly reads: readonly number[];
  /** Buffers it uses besides gates and hidden states. */
  readonly bindings: readonly Binding[];
  readonly code: string;
}

export interface BackwardPhase {
  /** The group through whose recurrent product a gradient comes back, as `through` (vec4f). */
  readonly group: number;
  /**
   * The source of that gradient: the next time step (`through` then contains the layer's output gradient as well, and isLast says whether there is no
   * next one, at the end of a chunk or of a record), or an earlier phase of this one.
   */
  readonly from: 'later' | 'same';
  /** Groups whose variables it reads, and those it stores. What another workgroup reads in its product is never stored. */
  readonly reads: readonly number[];
  readonly writes: readonly number[];
  readonly bindings: readonly Binding[];
  readonly code: string;
}
