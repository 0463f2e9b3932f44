import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { charloom } from './processes.ts';
import { story } from './workbench-runs.ts';

/** What is different in each of many runs; the rest is the template's. */
interface MadeRun {
  readonly name: string;
  readonly state?: 'finished' | 'stopped' | 'exploded';
  readonly learningRate?: number;
}

/**
 * Makes a library of runs: one is trained, with eight checkpoints, and copied under other names, each a minute older than the one before.
 * @param made what the run at a place is, 0 the newest
 */
export async function makeRuns(
  home: string,
  count: number,
  made: (place: number) => MadeRun = (place) => ({ name: `weaver ${place + 1}` }),
): Promise<void> {
  const runs = join(home, 'runs');
  const template = join(home, 'template');
  mkdirSync(runs, { recursive: true });
  const text = join(home, 'weaver.txt');
  writeFileSync(text, story);
  const words = `--name weaver --batch-size 8 --seq-length 25 --train-frac 0.8 --val-frac 0.2 --rnn-size 16 --num-layers 1 --max-epochs 3 --eval-every 40 --threads 1`;
  const trained = await charloom([
    'train',
    text,
    '--out',
    template,
    '--backend',
    'wasm',
    ...words.split(' '),
  ]);
  if (trained.code !== 0) throw new Error(trained.stderr);
  const record = JSON.parse(readFileSync(join(template, 'weaver/run.json'), 'utf8')) as Readonly<
    Record<string, object>
  >;
  const newest = Date.now();
  for (let place = 0; place < count; place++) {
    const { name, state = 'finished', learningRate = 0.002 } = made(place);
    const folder = join(runs, name.replaceAll(' ', '-'));
    cpSync(join(template, 'weaver'), folder, { recursive: true });
    const created = new Date(newest - place * 60_000).toISOString();
    const settings = { ...record['settings'], name, learningRate };
    const run = { ...record, settings, state, created, updated: created };
    writeFileSync(join(folder, 'run.json'), `${JSON.stringify(run, null, 2)}\n`);
  }
}
