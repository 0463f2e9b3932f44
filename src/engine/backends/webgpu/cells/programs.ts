import type { CellKind } from '../../../../shared/domain/cells.ts';
import type { CellProgram } from './cell.ts';
import { gruProgram } from './gru.ts';
import { lstmProgram } from './lstm.ts';
import { rnnProgram } from './rnn.ts';

/** The arithmetic of each cell. */
export const cellPrograms: Readonly<Record<CellKind, CellProgram>> = {
  lstm: lstmProgram,
  gru: gruProgram,
  rnn: rnnProgram,
};
