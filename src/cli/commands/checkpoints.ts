import type { Command } from 'commander';
import type { Certainty } from '../../runs/certainty.ts';
import { byChance } from '../../runs/chance.ts';
import type { CheckpointSummary, FileProblem } from '../../runs/checkpoints.ts';
import type { RunCourse } from '../../runs/course.ts';
import type { RunVerdict } from '../../runs/verdict.ts';
import { CharloomError } from '../../shared/errors.ts';
import { formatBytes, formatCount, formatEpoch, formatLoss } from '../../shared/format/numbers.ts';
import { formatTable } from '../../shared/format/tables.ts';
import { addCommand, outputFor } from '../command.ts';
import type { CheckpointsResult } from '../json-output.ts';
import { addRunsFolderOption, runsFolderOf, type RunsFolderOptions } from '../runs-folder.ts';
import { suggestedCommand } from '../suggested-command.ts';
import { verdictAsJson, verdictLines } from '../verdict.ts';

interface CheckpointsOptions extends RunsFolderOptions {
  readonly json?: boolean;
}

export function addCheckpointsCommand(program: Command): void {
  addRunsFolderOption(
    addCommand(
      program,
      'checkpoints',
      'List the checkpoints of a run, best first',
      'Also tells whether the run is still improving or has begun to memorise its text.',
    ),
  )
    .argument('<RUN>', "a run's name or folder")
    .action(checkpoints);
}

async function checkpoints(name: string, options: CheckpointsOptions): Promise<void> {
  const output = outputFor(options);
  const { findRun } = await import('../../runs/find.ts');
  const { bestCheckpoint, listCheckpoints } = await import('../../runs/checkpoints.ts');
  const { readMetricsOrProblem } = await import('../../runs/history.ts');
  const { judgeRun } = await import('../../runs/verdict.ts');
  const run = await findRun(name, await runsFolderOf(options));
  const { whyNotStarted } = await import('../../node/files/run-folder.ts');
  const unstarted = await whyNotStarted(run);
  if (unstarted !== undefined) output.note(unstarted.message);
  const list = await listCheckpoints(run);
  const { certaintyIn } = await import('../../runs/certainty.ts');
  const { history, problem } = await readMetricsOrProblem(run);
  const problems = problem === null ? list.problems : [...list.problems, problem];
  const verdict = judgeRun(history, await courseOfFolder(run));
  const certain: CertainCheckpoint[] = list.checkpoints.map((checkpoint) => ({
    checkpoint,
    certainty: certaintyIn(history, checkpoint),
  }));
  const best = bestCheckpoint(list);
  output.result(asJson(run, certain, problems, best, verdict), () =>
    asText(run, certain, problems, best === undefined ? null : sampleCommand(name, options), verdict),
  );
}

/** Null for a run that has not started, and if run.json cannot be read: the list or `problems` says so. */
async function courseOfFolder(run: string): Promise<RunCourse | null> {
  const { courseOf } = await import('../../runs/course.ts');
  const { readRunRecord } = await import('../../node/files/run-folder.ts');
  return readRunRecord(run).then(courseOf, (error: unknown) => {
    if (error instanceof CharloomError) return null;
    throw error;
  });
}

interface CertainCheckpoint {
  readonly checkpoint: CheckpointSummary;
  readonly certainty: Certainty;
}

function asJson(
  run: string,
  checkpoints: readonly CertainCheckpoint[],
  problems: readonly FileProblem[],
  best: CheckpointSummary | undefined,
  verdict: RunVerdict,
): CheckpointsResult {
  return {
    run,
    verdict: verdictAsJson(verdict),
    checkpoints: checkpoints.map(({ checkpoint, certainty }) => ({
      path: checkpoint.path,
      i: checkpoint.iteration,
      epoch: checkpoint.epoch,
      val_loss: checkpoint.validationLoss,
      weights: checkpoint.weights,
      train_loss: checkpoint.trainLoss,
      learning_rate: checkpoint.learningRate,
      bytes: checkpoint.bytes,
      best: checkpoint === best,
      val_loss_margin: certainty.margin,
      within_chance_of_best: certainty.best?.isWithinChance ?? null,
    })),
    problems: problems.map(({ path, problem }) => ({ path, problem })),
  };
}

/** With the run as it was typed, because that is known to find it. */
function sampleCommand(run: string, { out }: CheckpointsOptions): string {
  return suggestedCommand(['sample', run, ...(out === undefined ? [] : ['--out', out])]);
}

const columns = [
  { title: 'validation loss', align: 'right' },
  { title: 'epoch', align: 'right' },
  { title: 'iteration', align: 'right' },
  { title: 'size', align: 'right' },
] as const;

/** The weights are listed only if some checkpoint uses its averaged weights. */
function tableOf(checkpoints: readonly CertainCheckpoint[]): string {
  const isAveraged = checkpoints.some(({ checkpoint }) => checkpoint.weights === 'averaged');
  const all = [...columns, ...(isAveraged ? [{ title: 'weights' }] : []), { title: 'file' }];
  const lines = checkpoints.map(({ checkpoint }) => [
    ...row(checkpoint),
    ...(isAveraged ? [checkpoint.weights] : []),
    checkpoint.name,
  ]);
  return formatTable(all, lines);
}

function asText(
  run: string,
  checkpoints: readonly CertainCheckpoint[],
  problems: readonly FileProblem[],
  writeCommand: string | null,
  verdict: RunVerdict,
): string {
  const table =
    checkpoints.length === 0
      ? ['No checkpoint has been kept yet.']
      : [`Checkpoints of ${run}, best first:`, tableOf(checkpoints), ...chanceLines(checkpoints)];
  return [
    ...table,
    '',
    ...verdictLines(verdict),
    ...problems.map(({ problem }) => `problem: ${problem}`),
    ...(writeCommand === null ? [] : ['', `Write with the best: ${writeCommand}`]),
  ].join('\n');
}

/** Says which ranks may be due to chance: the best was selected among all of them, so its loss is low partly by chance. */
function chanceLines(checkpoints: readonly CertainCheckpoint[]): readonly string[] {
  const [first, ...others] = checkpoints;
  const near = others.filter(({ certainty }) => certainty.best?.isWithinChance === true).length;
  const margin = first?.certainty.margin ?? null;
  if (near === 0 || margin === null) return [];
  const them = near === 1 ? '1 other is' : `${formatCount(near)} others are`;
  return [
    '',
    `${them} behind the best ${byChance}; on this text a loss is accurate to ± ${margin.toFixed(4)}.`,
  ];
}

function row({ validationLoss, epoch, iteration, bytes }: CheckpointSummary): string[] {
  const loss = validationLoss === null ? 'not a number' : formatLoss(validationLoss);
  return [loss, formatEpoch(epoch), formatCount(iteration), formatBytes(bytes)];
}
