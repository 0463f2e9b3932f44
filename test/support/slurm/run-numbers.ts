import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

function metricsOf(run: string): readonly string[] {
  return readFileSync(join(run, 'metrics.jsonl'), 'utf8').split('\n');
}

/** The iterations in a run's metrics, and those that a whole run has: each once, in order. */
export function stepsOf(run: string): {
  readonly found: readonly number[];
  readonly expected: readonly number[];
} {
  const { iterations } = JSON.parse(readFileSync(join(run, 'run.json'), 'utf8')) as { iterations: number };
  const steps = metricsOf(run).filter((line) => line.includes('"step"'));
  return {
    found: steps.map((line) => Number(/"i":(\d+)/.exec(line)?.[1])),
    expected: Array.from({ length: iterations }, (_, place) => place + 1),
  };
}

/** Everything that a run has computed: its metrics without their durations, and a hash of each checkpoint. */
export function numbersOf(run: string): {
  readonly metrics: readonly string[];
  readonly checkpoints: readonly string[];
} {
  const checkpoints = join(run, 'checkpoints');
  return {
    metrics: metricsOf(run).map((line) => line.replace(/,"ms":[\d.e-]+/, '')),
    checkpoints: readdirSync(checkpoints)
      .toSorted()
      .map((name) => `${name} ${hashOf(join(checkpoints, name))}`),
  };
}

function hashOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
