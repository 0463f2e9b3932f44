import { randomUUID } from 'node:crypto';
import { countTextItemSchema, type CountedText, type TextReading } from '../../shared/domain/counted-text.ts';
import { CharloomError } from '../../shared/errors.ts';
import { errorOf } from '../../shared/ipc/failures.ts';
import { ComputeTask } from '../compute-task.ts';
import type { ForkProcess } from '../process.ts';

export interface CountHooks {
  readonly signal?: AbortSignal;
  /** Share of the text read, 0..1. */
  readonly onProgress?: (fraction: number) => void;
}

/**
 * Counts the symbols of a text in a separate process.
 * @throws CharloomError as countText does; 'check-failed' or 'cancelled'
 */
export async function countInProcess(
  fork: ForkProcess,
  { path, ...reading }: TextReading,
  { signal, onProgress }: CountHooks = {},
): Promise<CountedText> {
  let counted: CountedText | undefined;
  const task = new ComputeTask({
    fork,
    name: `charloom-count-${randomUUID().slice(0, 8)}`,
    job: { kind: 'count-text', textPath: path, reading },
    onReport: (told) => {
      if (told.kind !== 'item') return;
      const item = countTextItemSchema.parse(told.item);
      if (item.kind === 'progress') onProgress?.(item.fraction);
      else counted = item.text;
    },
  });
  const outcome = await task.endedUnless(signal, cancelled);
  if (outcome.kind === 'failed') throw errorOf(outcome.failure);
  if (outcome.kind === 'done' && counted !== undefined) return counted;
  const why = outcome.kind === 'crashed' ? outcome.message : 'The text could not be read.';
  throw new CharloomError('check-failed', why, {
    fix: 'Try again. If it happens again, please report it.',
  });
}

function cancelled(): CharloomError {
  return new CharloomError('cancelled', 'Cancelled; no run was started.');
}
