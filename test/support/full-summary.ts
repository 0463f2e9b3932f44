import { lstatSync, readdirSync, readFileSync, type Dirent } from 'node:fs';
import { basename, join } from 'node:path';
import { readCheckpoint } from '../../src/node/files/checkpoint-files.ts';
import { decodeMetric } from '../../src/node/files/metrics.ts';
import { decodeRunRecord, isPlanned } from '../../src/node/files/run-record.ts';
import { belongsTo } from '../../src/node/session/snapshots.ts';

/**
 * A run's summary by reading all of its files from their first to their last byte: every line of the metrics, every number of the checkpoints. Slow and without
 * shortcuts, to compare `summarizeRun` with. For runs that have started and that no process has.
 */
export async function fullSummary(folder: string) {
  const record = decodeRunRecord(readFileSync(join(folder, 'run.json'), 'utf8'));
  if (isPlanned(record)) throw new Error(`${folder} has not started`);
  const files = readdirSync(join(folder, 'checkpoints'))
    .filter((name) => name.endsWith('.safetensors') && !name.startsWith('.'))
    .toSorted();
  const read = await Promise.all(
    files.map((name) => readCheckpoint(join(folder, 'checkpoints', name)).catch(() => undefined)),
  );
  const own = read.flatMap((checkpoint, index) =>
    checkpoint !== undefined && belongsTo(checkpoint.metadata, record)
      ? [{ name: files[index], ...checkpoint.metadata }]
      : [],
  );
  const inOrder = own.toSorted((a, b) => a.recoveries - b.recoveries || a.iteration - b.iteration);
  const measured = inOrder.filter(({ validationLoss }) => validationLoss !== null);
  const lowest = Math.min(...measured.map(({ validationLoss }) => validationLoss ?? Infinity));
  const best = measured.find(({ validationLoss }) => validationLoss === lowest);
  return {
    name: basename(folder),
    status: record.state === 'running' || record.state === 'paused' ? 'interrupted' : record.state,
    iteration: Math.max(record.iteration, lastIteration(join(folder, 'metrics.jsonl'))),
    checkpoints: own.length,
    best: best && {
      name: best.name,
      iteration: best.iteration,
      epoch: best.epoch,
      validationLoss: best.validationLoss,
      weights: best.weights,
    },
    losses: measured.map(({ validationLoss }) => validationLoss),
    bytes: bytesOf(folder),
    problems: files.length - own.length,
  };
}

function lastIteration(path: string): number {
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  const events = lines.map(decodeMetric).filter((event) => event !== undefined);
  return events.at(-1)?.iteration ?? 0;
}

function bytesOf(folder: string): number {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry: Dirent) => !entry.isDirectory());
  return files.reduce((sum, { parentPath, name }) => sum + lstatSync(join(parentPath, name)).size, 0);
}
