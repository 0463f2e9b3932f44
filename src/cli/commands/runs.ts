import type { Command } from 'commander';
import type { RunSummary, UnstartedRun } from '../../runs/summary.ts';
import { assertNever } from '../../shared/errors.ts';
import { formatMoment } from '../../shared/format/durations.ts';
import { formatCount, formatEpoch, formatLoss } from '../../shared/format/numbers.ts';
import { formatTable } from '../../shared/format/tables.ts';
import { addCommand, outputFor } from '../command.ts';
import type { RunsResult } from '../json-output.ts';
import { suggestedCommand } from '../suggested-command.ts';
import { addRunsFolderOption, runsFolderOf, type RunsFolderOptions } from '../runs-folder.ts';

interface RunsOptions extends RunsFolderOptions {
  readonly json?: boolean;
}

export function addRunsCommand(program: Command): void {
  addRunsFolderOption(addCommand(program, 'runs', 'List the runs, newest first')).action(runs);
}

async function runs(options: RunsOptions): Promise<void> {
  const output = outputFor(options);
  const { listRuns } = await import('../../runs/library.ts');
  const folder = await runsFolderOf(options);
  const { cacheFolder } = await import('../../node/files/data-folders.ts');
  const { KeptSummaries } = await import('../../runs/kept-summaries.ts');
  const found = await listRuns(folder, await KeptSummaries.open(cacheFolder(), folder));
  output.result({ runs_folder: folder, runs: found.map(asJson) } satisfies RunsResult, () =>
    asText(folder, found),
  );
}

function asJson(run: RunSummary): RunsResult['runs'][number] {
  const { name, folder } = run;
  if (run.kind === 'damaged') return { name, path: folder, status: 'damaged', problem: run.problem };
  if (run.kind === 'planned') return plannedAsJson(run);
  const { record, best, iteration } = run;
  return {
    name,
    path: folder,
    status: run.status,
    problem: null,
    reason: record.reason,
    text: record.text.path,
    model: record.spec.model,
    rnn_size: record.spec.rnnSize,
    num_layers: record.spec.numLayers,
    created: record.created,
    updated: record.updated,
    i: iteration,
    iterations: record.iterations,
    epoch: iteration / record.iterationsPerEpoch,
    checkpoints: run.checkpoints,
    best: best && { path: best.path, epoch: best.epoch, val_loss: best.validationLoss },
    problems: run.problems,
  };
}

/** The same fields as for a run that has started; its length is known only when its text has been read. */
function plannedAsJson({ name, folder, record }: UnstartedRun): RunsResult['runs'][number] {
  const { settings, plan, state, reason, created, updated } = record;
  return {
    name,
    path: folder,
    problem: null,
    reason,
    text: plan.text.path,
    status: state,
    model: settings.model,
    rnn_size: settings.rnnSize,
    num_layers: settings.numLayers,
    created,
    updated,
    i: 0,
    iterations: null,
    epoch: 0,
    checkpoints: 0,
    best: null,
    problems: [],
  };
}

const columns = [
  { title: 'run' },
  { title: 'state' },
  { title: 'model' },
  { title: 'epoch', align: 'right' },
  { title: 'done', align: 'right' },
  { title: 'checkpoints', align: 'right' },
  { title: 'best loss', align: 'right' },
  { title: 'started' },
] as const;

function asText(folder: string, found: readonly RunSummary[]): string {
  if (found.length === 0)
    return `There are no runs in ${folder} yet. "${suggestedCommand(['train'])}" creates the first.`;
  const problems = found.flatMap(problemsOf);
  return [
    `Runs in ${folder}:`,
    formatTable(columns, found.map(row)),
    ...(problems.length === 0 ? [] : ['', ...problems.map((problem) => `problem: ${problem}`)]),
  ].join('\n');
}

function problemsOf(run: RunSummary): readonly string[] {
  switch (run.kind) {
    case 'run': {
      const { reason } = run.record;
      const isHeld = run.status === 'paused' && reason !== null;
      return isHeld ? [`${run.name}: ${reason}`, ...run.problems] : run.problems;
    }
    case 'planned':
      return run.record.reason === null ? [] : [`${run.name} could not start: ${run.record.reason}`];
    case 'damaged':
      return [run.problem];
    default:
      return assertNever(run);
  }
}

function row(run: RunSummary): string[] {
  if (run.kind === 'damaged') return [run.name, 'damaged'];
  if (run.kind === 'planned') {
    const { model, numLayers, rnnSize } = run.record.settings;
    return [run.name, run.record.state, `${model} ${numLayers}x${rnnSize}`];
  }
  const { record, iteration } = run;
  const { model, numLayers, rnnSize } = record.spec;
  return [
    run.name,
    run.status,
    `${model} ${numLayers}x${rnnSize}`,
    formatEpoch(iteration / record.iterationsPerEpoch),
    `${formatCount(iteration)} of ${formatCount(record.iterations)}`,
    formatCount(run.checkpoints),
    run.best === null ? '' : formatLoss(run.best.validationLoss),
    formatMoment(record.created),
  ];
}
