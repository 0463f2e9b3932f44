import { enginesFolder, listEngines, type InstalledEngine } from '../engines/engine-folder.ts';
import { tensorflowEnvironment } from '../engines/environment.ts';
import { lastLines, runCommand } from '../engines/run-command.ts';
import { TrialCache, trialKey, type TrialResult } from './trial-cache.ts';
import type { TrialShape } from './trial.ts';

/** Which backend a model trains on, and why. */
export type Choice =
  | { readonly backend: 'wasm'; readonly reason: string }
  | { readonly backend: 'tensorflow'; readonly engine: InstalledEngine; readonly reason: string };

/** What the child prints before its figure. */
export const trialMarker = 'charloom-trial ';

export interface ChooseOptions {
  /** Program and words that run a trial; the candidate (`wasm` or an engine's folder) and the shape are added. */
  readonly trialCommand: readonly string[];
  readonly signal: AbortSignal;
  /** Told before anything that takes seconds. */
  onTrial?(): void;
}

/**
 * Picks the faster backend for one model on this machine by training a few steps on each, in processes of their own and one after the
 * other. The answer is kept: the next run of the same shape begins at once. A card may well lose on a small model.
 */
export async function chooseBackend(shape: TrialShape, options: ChooseOptions): Promise<Choice> {
  const [engine] = await listEngines();
  if (engine === undefined) return { backend: 'wasm', reason: 'no other engine is installed' };
  const cache = new TrialCache(enginesFolder());
  const key = trialKey(shape, engine);
  const known = await cache.get(key);
  if (known !== undefined) return decide(engine, known);
  options.onTrial?.();
  const wasm = await trial('wasm', {}, shape, options);
  const tensorflow = await trial(
    engine.folder,
    tensorflowEnvironment(engine, { threads: shape.threads }),
    shape,
    options,
  );
  if (typeof tensorflow === 'string' || typeof wasm === 'string') {
    const problem = typeof tensorflow === 'string' ? tensorflow : String(wasm);
    return { backend: 'wasm', reason: `TensorFlow could not be tried: ${problem}` };
  }
  const result = { wasm, tensorflow };
  await cache.set(key, result);
  return decide(engine, result);
}

/** The choice that measurements lead to; a tie goes to the embedded backend, which starts faster and takes less memory. */
export function decide(engine: InstalledEngine, { wasm, tensorflow }: TrialResult): Choice {
  const milliseconds = (value: number): string => `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
  const figures = `a step takes ${milliseconds(tensorflow)} on TensorFlow and ${milliseconds(wasm)} on the embedded backend`;
  if (tensorflow < 0.95 * wasm) return { backend: 'tensorflow', engine, reason: figures };
  return { backend: 'wasm', reason: figures };
}

/** Milliseconds a step, or what went wrong. */
async function trial(
  candidate: string,
  environment: Readonly<Record<string, string>>,
  shape: TrialShape,
  { trialCommand, signal }: ChooseOptions,
): Promise<number | string> {
  const [program = '', ...words] = trialCommand;
  const result = await runCommand(program, [...words, candidate, JSON.stringify(shape)], {
    signal,
    env: { ...process.env, ...environment },
  });
  const line = result.stdout.split('\n').find((text) => text.startsWith(trialMarker));
  const figure = Number(line?.slice(trialMarker.length));
  if (result.code === 0 && figure > 0) return figure;
  return lastLines(result.stderr, 1) || `it ended with code ${result.code ?? 'unknown'}`;
}
