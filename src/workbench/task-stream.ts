import type { Job } from '../shared/compute/messages.ts';
import { CharloomError } from '../shared/errors.ts';
import type { StreamItem, StreamName, StreamContext } from '../shared/ipc/contract.ts';
import { errorOf } from '../shared/ipc/failures.ts';
import { ComputeTask } from '../processes/compute-task.ts';
import type { ForkProcess } from '../processes/process.ts';

interface TaskStreamOptions<N extends StreamName> {
  readonly fork: ForkProcess;
  readonly name: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly job: Job;
  readonly side: StreamContext<N>;
  readonly onItem?: (item: StreamItem<N>) => void;
}

/**
 * Lets a compute process feed a stream: its items go to the page (which checks them against the contract), the page's messages go to it, and
 * it ends with the stream.
 */
export async function serveTask<N extends StreamName>(options: TaskStreamOptions<N>): Promise<void> {
  const { fork, name, environment = {}, job, side, onItem } = options;
  const task = new ComputeTask({
    fork,
    name,
    environment,
    job,
    onReport: (report) => {
      if (report.kind !== 'item') return;
      const item = report.item as StreamItem<N>;
      side.push(item);
      onItem?.(item);
    },
  });
  side.onMessage((message) => task.post({ kind: 'message', message }));
  side.signal.addEventListener('abort', () => task.kill(), { once: true });
  if (side.signal.aborted) task.kill();
  const outcome = await task.ended;
  if (side.signal.aborted || outcome.kind === 'done') return;
  if (outcome.kind === 'failed') throw errorOf(outcome.failure);
  throw new CharloomError('check-failed', outcome.message, {
    fix: 'Try again. If it happens again, please report it.',
  });
}
