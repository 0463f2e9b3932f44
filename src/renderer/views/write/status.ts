import { assertNever } from '../../../shared/errors.ts';
import { formatQuantity } from '../../../shared/format/numbers.ts';
import type { Writer } from '../../stores/writing/writer.svelte.ts';

/** The state of a text for screen readers, which read it when it changes: no count while it grows. */
export function statusSentence({
  status,
  reason,
  length,
  isAwaited,
}: Pick<Writer, 'status' | 'reason'> & {
  readonly length: number;
  /** Something will be written once the model is loaded. */
  readonly isAwaited: boolean;
}): string {
  switch (status) {
    case 'closed':
      return length === 0 ? '' : endSentence(reason, length);
    case 'loading':
      return isAwaited ? 'Loading the model; writing starts when it is ready.' : 'Loading the model...';
    case 'failed':
      return 'The model cannot be used.';
    case 'writing':
      return 'Writing.';
    case 'idle':
      return length === 0 ? 'Ready to write.' : endSentence(reason, length);
    default:
      return assertNever(status);
  }
}

function endSentence(reason: Writer['reason'], length: number): string {
  const symbols = formatQuantity(length, 'symbol');
  switch (reason) {
    case null:
    case 'length':
      return `Done: ${symbols}.`;
    case 'stop-text':
      return `Done: ${symbols}, up to the stop text.`;
    case 'line-end':
      return `Done: ${symbols}, to the end of a line.`;
    case 'record-end':
      return `Done: ${symbols}, to the end of a record.`;
    case 'stopped':
      return `Stopped after ${symbols}.`;
    case 'lost':
      return `The connection was lost after ${symbols}. Press Continue to resume from there.`;
    default:
      return assertNever(reason);
  }
}
