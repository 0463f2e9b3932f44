import { taskPaths } from '../../node/sweeps/sweep-folder.ts';
import { SweepObserver } from '../../processes/sweeps/observe-sweep.ts';
import { combinationsOf } from '../../runs/sweeps/combinations.ts';
import { findSweep, listSweeps } from '../../runs/sweeps/find-sweep.ts';
import { sweepTaskStates, type SweepOverview, type SweepTask } from '../../shared/domain/sweep.ts';
import { formatDuration, formatMoment } from '../../shared/format/durations.ts';
import { formatCount, formatLoss, formatShare } from '../../shared/format/numbers.ts';
import { formatTable } from '../../shared/format/tables.ts';
import type { SweepBestResult, SweepListResult, SweepStatusResult } from '../json-output.ts';
import type { Output } from '../output.ts';
import { changesInFlags, changesInWords, stateWords } from './words.ts';

export async function status(name: string, runsFolder: string, output: Output): Promise<void> {
  const overview = await new SweepObserver(await findSweep(name, runsFolder)).settled();
  output.result(statusAsJson(overview), () => statusAsText(overview));
}

function statusAsJson(overview: SweepOverview): SweepStatusResult {
  const { name, path, engine, counts, progress, hours, best, withinChance, remarks, tasks } = overview;
  return {
    sweep: name,
    path,
    engine,
    counts,
    progress,
    hours_used: hoursUsed(overview),
    hours,
    best,
    within_chance_of_best: withinChance,
    remarks,
    tasks: tasks.map(taskAsJson),
  };
}

function taskAsJson(task: SweepTask): SweepStatusResult['tasks'][number] {
  const { index, run, changes, state, reason, node, iteration, iterations, loss, margin, epoch } = task;
  return {
    ...{ task: index, run, settings: changesInFlags(changes), state, reason, node },
    ...{ i: iteration, iterations, val_loss: loss, val_loss_margin: margin, epoch },
    ...{ attempts: task.attempts, seconds: task.seconds },
  };
}

function hoursUsed({ tasks }: SweepOverview): number {
  return tasks.reduce((sum, { seconds }) => sum + seconds, 0) / 3600;
}

const columns = [
  { title: 'task', align: 'right' },
  { title: 'state' },
  { title: 'done', align: 'right' },
  { title: 'best loss', align: 'right' },
  { title: 'node' },
  { title: 'settings' },
] as const;

function statusAsText(overview: SweepOverview): string {
  const { name, counts, progress, hours, tasks, remarks } = overview;
  const states = sweepTaskStates.filter((state) => counts[state] > 0);
  const used = formatDuration(hoursUsed(overview) * 3_600_000);
  return [
    `${name}: ${states.map((state) => `${formatCount(counts[state])} ${stateWords[state]}`).join(', ')}; ${formatShare(progress)} done, ${used}${hours === null ? '' : ` of ${formatDuration(hours * 3_600_000)}`} of computing time used`,
    formatTable(
      columns,
      tasks.map((task) => rowOf(task, overview)),
    ),
    ...(overview.best === null ? [] : ['* lowest validation loss so far']),
    ...whyLines(overview),
    ...remarks.map((remark) => `note: ${remark}`),
  ].join('\n');
}

function rowOf(task: SweepTask, { best }: SweepOverview): string[] {
  const { index, state, iteration, iterations, node, changes } = task;
  return [
    String(index),
    stateWords[state],
    iterations === null ? '' : formatShare(iteration / iterations),
    `${lossWords(task)}${index === best ? ' *' : ''}`,
    node ?? '',
    changesInWords(changes),
  ];
}

function lossWords({ loss, margin }: SweepTask): string {
  if (loss === null) return '';
  return margin === null ? formatLoss(loss) : `${formatLoss(loss)} ± ${formatLoss(margin)}`;
}

/** Why tasks are in their states, each reason once; for failed tasks also the path of the log. */
function whyLines({ tasks, path }: SweepOverview): readonly string[] {
  const byReason = Map.groupBy(
    tasks.filter(({ reason }) => reason !== null),
    ({ reason }) => reason ?? '',
  );
  return [...byReason].flatMap(([reason, own]) => {
    const named = own.slice(0, 8).map(({ index }) => index);
    const more = own.length > named.length ? ` and ${formatCount(own.length - named.length)} more` : '';
    const [first] = own;
    const isFailed = first !== undefined && (first.state === 'failed' || first.state === 'lost');
    const log = isFailed ? [`  log: ${taskPaths(path, first.index, tasks.length).log}`] : [];
    return [`${own.length === 1 ? 'task' : 'tasks'} ${named.join(', ')}${more}: ${reason}`, ...log];
  });
}

export async function best(name: string, runsFolder: string, output: Output): Promise<void> {
  const overview = await new SweepObserver(await findSweep(name, runsFolder)).settled();
  const { tasks, space, withinChance } = overview;
  const found = tasks.find(({ index }) => index === overview.best);
  const rivals = tasks.filter(({ index }) => withinChance.includes(index));
  const combinations = space.seeds === 1 ? [] : combinationsOf(tasks, space.seeds);
  const result: SweepBestResult = {
    sweep: overview.name,
    best: found === undefined ? null : taskAsJson(found),
    within_chance: rivals.map(taskAsJson),
    combinations: combinations.map(({ changes, loss, spread, tasks: own }) => ({
      settings: changesInFlags(changes),
      val_loss: loss,
      spread,
      tasks: [...own],
    })),
  };
  output.result(result, () => {
    if (found === undefined) return 'Nothing has been measured yet.';
    const line = (task: SweepTask): string =>
      `  ${task.run}  ${lossWords(task)}  ${changesInWords(task.changes)}`;
    const seeds = combinations
      .slice(0, 10)
      .map(
        ({ loss, spread, changes }) =>
          `  ${formatLoss(loss)} ± ${formatLoss(spread)}  ${changesInWords(changes)}`,
      );
    return [
      'Lowest validation loss:',
      line(found),
      ...(rivals.length === 0 ? [] : ['Above it by chance only:', ...rivals.map(line)]),
      ...(seeds.length === 0 ? [] : ['Mean over the seeds, with its standard deviation:', ...seeds]),
    ].join('\n');
  });
}

export async function list(runsFolder: string, output: Output): Promise<void> {
  const { sweeps, damaged } = await listSweeps(runsFolder);
  const result: SweepListResult = {
    runs_folder: runsFolder,
    sweeps: sweeps.map(({ name, path, created, tasks }) => ({ sweep: name, path, created, tasks })),
    damaged: damaged.map(({ path, problem }) => ({ path, problem })),
  };
  output.result(result, () =>
    [
      sweeps.length === 0
        ? `There are no sweeps in ${runsFolder}.`
        : formatTable(
            [{ title: 'sweep' }, { title: 'runs', align: 'right' }, { title: 'planned' }],
            sweeps.map(({ name, tasks, created }) => [name, formatCount(tasks), formatMoment(created)]),
          ),
      ...damaged.map(({ problem }) => `problem: ${problem}`),
    ].join('\n'),
  );
}
