import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Speed {
  readonly millisecondsPerEpoch: number;
  readonly iterationsPerEpoch: number;
}

/**
 * The speed of a run of so many whole epochs where nothing else slows it down: that of the tenth of its steps that were fastest. A test that has to do
 * something while a run trains gives the run a duration with it, on any machine.
 */
export function speedOf(run: string, epochs: number): Speed {
  const steps = readFileSync(join(run, 'metrics.jsonl'), 'utf8').matchAll(/"step".*"ms":([\d.e-]+)/g);
  const durations = [...steps].map(([, milliseconds]) => Number(milliseconds)).toSorted((a, b) => a - b);
  const fast = durations[Math.floor(durations.length / 10)] ?? Number.NaN;
  const iterationsPerEpoch = durations.length / epochs;
  return { millisecondsPerEpoch: fast * iterationsPerEpoch, iterationsPerEpoch };
}
