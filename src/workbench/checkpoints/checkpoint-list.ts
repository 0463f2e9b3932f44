import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { listCheckpoints, type CheckpointList } from '../../runs/checkpoints.ts';
import type { Checkpoint } from '../../shared/domain/checkpoint.ts';
import { usedWeights } from '../../shared/format/used-weights.ts';
import { readNotes } from '../runs/notes-store.ts';

/** A run's checkpoints for pages, best first; damaged ones last, with their problem. */
export async function viewCheckpoints(runFolder: string): Promise<readonly Checkpoint[]> {
  const list = await listCheckpoints(runFolder);
  const { checkpoints: notes } = await readNotes(runFolder);
  const last = lastName(list);
  const whole = await Promise.all(
    list.checkpoints.map(async (checkpoint, index) => ({
      file: checkpoint.name,
      iteration: checkpoint.iteration,
      epoch: checkpoint.epoch,
      trainLoss: checkpoint.trainLoss,
      validationLoss: checkpoint.validationLoss,
      ...usedWeights(checkpoint),
      learningRate: checkpoint.learningRate,
      bytes: checkpoint.bytes,
      modified: await modifiedAt(checkpoint.path),
      best: index === 0 && checkpoint.validationLoss !== null,
      last: checkpoint.name === last,
      star: notes[checkpoint.name]?.star ?? false,
      note: notes[checkpoint.name]?.note ?? '',
      problem: null,
    })),
  );
  const damaged = await Promise.all(
    list.problems.map(async ({ path, problem }) => ({
      ...damagedCheckpoint,
      file: basename(path),
      bytes: (await stat(path).catch(() => undefined))?.size ?? 0,
      modified: await modifiedAt(path),
      problem,
    })),
  );
  return [...whole, ...damaged];
}

/** The latest checkpoint in the course of training, regardless of its file's date. */
export function lastName({ checkpoints }: CheckpointList): string | undefined {
  return checkpoints.toSorted((a, b) => b.recoveries - a.recoveries || b.iteration - a.iteration)[0]?.name;
}

const damagedCheckpoint = {
  iteration: 0,
  epoch: 0,
  trainLoss: null,
  validationLoss: null,
  learningRate: 0,
  best: false,
  last: false,
  star: false,
  note: '',
};

async function modifiedAt(path: string): Promise<string> {
  const status = await stat(path).catch(() => undefined);
  return (status?.mtime ?? new Date(0)).toISOString();
}
