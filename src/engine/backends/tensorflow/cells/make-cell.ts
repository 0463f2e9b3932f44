import type { ModelSpec } from '../../../../shared/domain/model-spec.ts';
import { assertNever } from '../../../../shared/errors.ts';
import type { Operations } from '../graph/operations.ts';
import type { Cell } from './cell.ts';
import { gruCell } from './gru.ts';
import { lstmCell } from './lstm.ts';
import { rnnCell } from './rnn.ts';

/** The recurrence a model's layers use. */
export function makeCell(tf: Operations, spec: ModelSpec): Cell {
  switch (spec.model) {
    case 'lstm':
      return lstmCell(tf, spec.rnnSize);
    case 'gru':
      return gruCell(tf, spec.rnnSize);
    case 'rnn':
      return rnnCell(tf);
    default:
      return assertNever(spec.model);
  }
}
