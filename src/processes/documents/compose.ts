import { randomUUID } from 'node:crypto';
import type { Job } from '../../shared/compute/messages.ts';
import { composedTextSchema, type ComposedText } from '../../shared/domain/documents.ts';
import { CharloomError } from '../../shared/errors.ts';
import { errorOf } from '../../shared/ipc/failures.ts';
import { ComputeTask } from '../compute-task.ts';
import type { ForkProcess } from '../process.ts';

export type ComposeRequest = Omit<Extract<Job, { kind: 'compose-text' }>, 'kind'>;

/**
 * Cleans texts and joins them into one file, in a separate process.
 * @throws CharloomError 'storage', 'check-failed' or 'cancelled'
 */
export async function composeInProcess(
  fork: ForkProcess,
  request: ComposeRequest,
  signal?: AbortSignal,
): Promise<ComposedText> {
  let composed: ComposedText | undefined;
  const task = new ComputeTask({
    fork,
    name: `charloom-compose-${randomUUID().slice(0, 8)}`,
    job: { kind: 'compose-text', ...request },
    onReport: (told) => {
      if (told.kind === 'item') composed = composedTextSchema.parse(told.item);
    },
  });
  const outcome = await task.endedUnless(
    signal,
    () => new CharloomError('cancelled', 'Cancelled; no text was created.'),
  );
  if (outcome.kind === 'failed') throw errorOf(outcome.failure);
  if (outcome.kind === 'done' && composed !== undefined) return composed;
  throw new CharloomError(
    'check-failed',
    outcome.kind === 'crashed' ? outcome.message : 'The text could not be created.',
    { fix: 'Try again with fewer files; if it happens again, please report it.' },
  );
}
