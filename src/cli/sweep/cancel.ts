import { noteCancelled } from '../../node/sweeps/cancellations.ts';
import { readSubmissions } from '../../node/sweeps/submissions.ts';
import { cancelJobs } from '../../processes/slurm/cancel-jobs.ts';
import { SweepObserver } from '../../processes/sweeps/observe-sweep.ts';
import { findSweep } from '../../runs/sweeps/find-sweep.ts';
import { formatTaskSet } from '../../shared/domain/task-set.ts';
import { formatQuantity } from '../../shared/format/numbers.ts';
import type { SweepCancelResult } from '../json-output.ts';
import type { Output } from '../output.ts';
import { cancellableTasks } from './choose-tasks.ts';

export async function cancel(
  name: string,
  runsFolder: string,
  named: readonly number[] | undefined,
  output: Output,
): Promise<void> {
  const folder = await findSweep(name, runsFolder);
  const overview = await new SweepObserver(folder).look();
  const tasks = cancellableTasks(overview.tasks, named);
  // The note comes first: it tells a task that is asked to end that it was cancelled.
  if (tasks.length > 0) await noteCancelled(folder, tasks, await readSubmissions(folder));
  const problems = tasks.length === 0 ? [] : await cancelJobs(folder, tasks);
  const result: SweepCancelResult = { sweep: overview.name, cancelled: [...tasks], problems: [...problems] };
  output.result(result, () =>
    tasks.length === 0
      ? 'Nothing is left to cancel.'
      : [
          `Cancelled ${formatQuantity(tasks.length, 'task')} (${formatTaskSet(tasks)}). What runs saves what it has learned.`,
          ...problems.map((problem) => `note: ${problem}`),
        ].join('\n'),
  );
}
