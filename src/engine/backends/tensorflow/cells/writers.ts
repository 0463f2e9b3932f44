import type { CellKind } from '../../../../shared/domain/cells.ts';
import type { FusedMode } from '../graph/fused-recurrence.ts';
import type { Operations } from '../graph/operations.ts';
import type { Cell } from './cell.ts';
import { gruCell } from './gru.ts';
import { lstmCell } from './lstm.ts';
import { rnnCell } from './rnn.ts';

/** How a cell is written as a graph. */
export interface CellWriter {
  /** The recurrence, for layers of `size` units. */
  write(tf: Operations, size: number): Cell;
  /** cuDNN's name for the same recurrence, or why it has none: a sentence without a full stop. */
  readonly cudnn: { readonly mode: FusedMode } | { readonly reason: string };
}

export const cellWriters: Readonly<Record<CellKind, CellWriter>> = {
  lstm: { write: lstmCell, cudnn: { mode: 'lstm' } },
  gru: {
    write: gruCell,
    cudnn: { reason: "cuDNN's GRU applies the reset gate elsewhere than char-rnn's" },
  },
  rnn: { write: rnnCell, cudnn: { mode: 'rnn_tanh' } },
};
