import type { Command } from 'commander';
import type { CheckpointList, CheckpointSummary } from '../../runs/checkpoints.ts';
import type { RunVerdict } from '../../runs/verdict.ts';
import { formatBytes, formatCount, formatEpoch, formatLoss } from '../../shared/format/numbers.ts';
import { formatTable } from '../../shared/format/tables.ts';
import { addCommand, outputFor } from '../command.ts';
import type { CheckpointsResult } from '../contract.ts';
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
      'Says in words whether the run is still learning, or has begun to learn its text by heart.',
    ),
  )
    .argument('<RUN>', "a run's name or folder")
    .action(checkpoints);
}

async function checkpoints(name: string, options: CheckpointsOptions): Promise<void> {
  const output = outputFor(options);
  const { findRun } = await import('../../runs/find.ts');
  const { bestCheckpoint, listCheckpoints } = await import('../../runs/checkpoints.ts');
  const { readMetrics } = await import('../../runs/history.ts');
  const { judgeRun } = await import('../../runs/verdict.ts');
  const run = await findRun(name, await runsFolderOf(options));
  const list = await listCheckpoints(run);
  const verdict = judgeRun(await readMetrics(run));
  const best = bestCheckpoint(list);
  output.result(asJson(run, list, best, verdict), () =>
    asText(run, list, best === undefined ? null : sampleCommand(name, options), verdict),
  );
}

function asJson(
  run: string,
  { checkpoints, problems }: CheckpointList,
  best: CheckpointSummary | undefined,
  verdict: RunVerdict,
): CheckpointsResult {
  return {
    run,
    verdict: verdictAsJson(verdict),
    checkpoints: checkpoints.map((checkpoint) => ({
      path: checkpoint.path,
      i: checkpoint.iteration,
      epoch: checkpoint.epoch,
      val_loss: checkpoint.validationLoss,
      train_loss: checkpoint.trainLoss,
      learning_rate: checkpoint.learningRate,
      bytes: checkpoint.bytes,
      best: checkpoint === best,
    })),
    problems: problems.map(({ path, problem }) => ({ path, problem })),
  };
}

/** The run as it was typed, for it was found by that. */
function sampleCommand(run: string, { out }: CheckpointsOptions): string {
  return suggestedCommand(['sample', run, ...(out === undefined ? [] : ['--out', out])]);
}

const columns = [
  { title: 'validation loss', align: 'right' },
  { title: 'epoch', align: 'right' },
  { title: 'iteration', align: 'right' },
  { title: 'size', align: 'right' },
  { title: 'file' },
] as const;

function asText(
  run: string,
  { checkpoints, problems }: CheckpointList,
  writeCommand: string | null,
  verdict: RunVerdict,
): string {
  const table =
    checkpoints.length === 0
      ? ['No checkpoint has been kept yet.']
      : [`Checkpoints of ${run}, best first:`, formatTable(columns, checkpoints.map(row))];
  return [
    ...table,
    '',
    ...verdictLines(verdict),
    ...problems.map(({ problem }) => `problem: ${problem}`),
    ...(writeCommand === null ? [] : ['', `Write with the best:  ${writeCommand}`]),
  ].join('\n');
}

function row({ validationLoss, epoch, iteration, bytes, name }: CheckpointSummary): string[] {
  const loss = validationLoss === null ? 'not a number' : formatLoss(validationLoss);
  return [loss, formatEpoch(epoch), formatCount(iteration), formatBytes(bytes), name];
}
