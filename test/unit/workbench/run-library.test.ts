import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { encodeRunRecord } from '../../../src/node/files/run-record.ts';
import { planSweep } from '../../../src/node/sweeps/plan-sweep.ts';
import { countText } from '../../../src/node/texts/count-text.ts';
import type { TrainingScheduler } from '../../../src/processes/training-scheduler.ts';
import { KeptSummaries } from '../../../src/runs/kept-summaries.ts';
import { defaultRunSettings } from '../../../src/shared/domain/run-settings.ts';
import { RunLibrary, type RunPortion } from '../../../src/workbench/runs/run-library.ts';
import { checkpointMetadata } from '../../support/checkpoints.ts';
import { temporaryFolder } from '../../support/texts.ts';

let runs: string;
let cache: string;

function writeRun(name: string, created: string, textPath = '/texts/a.txt'): void {
  const { settings, spec, text, iterationsPerEpoch } = checkpointMetadata();
  mkdirSync(join(runs, name, 'checkpoints'), { recursive: true });
  const record = encodeRunRecord({
    ...{ formatVersion: 2, writtenBy: '0.1.0', state: 'finished', reason: null, created, updated: created },
    ...{ settings, spec, text: { path: textPath, fingerprint: text }, initializedFrom: null },
    ...{ iteration: 40, iterations: 80, iterationsPerEpoch, rateChange: null, vocabulary: null },
    backend: { name: 'wasm', device: 'processor', threads: 1, variant: 'test' },
  });
  writeFileSync(join(runs, name, 'run.json'), record);
}

/** When the run at a place was made: the first is the newest. */
function momentOf(place: number): string {
  return new Date(Date.UTC(2026, 10, 24) - place * 60_000).toISOString();
}

async function openLibrary(): Promise<RunLibrary> {
  const idle = { active: undefined, waiting: [] } as unknown as TrainingScheduler;
  const kept = await KeptSummaries.open(cache, runs);
  return new RunLibrary({ runsFolder: runs, scheduler: () => idle, titleOf: (path) => path, kept });
}

/** Names of the runs that are kept. */
function keptRuns(): readonly string[] {
  const [file] = existsSync(cache) ? readdirSync(cache) : [];
  if (file === undefined) return [];
  return Object.keys((JSON.parse(readFileSync(join(cache, file), 'utf8')) as { runs: object }).runs);
}

async function portionsOf(library: RunLibrary): Promise<readonly RunPortion[]> {
  const portions: RunPortion[] = [];
  await library.read((portion) => portions.push(portion));
  return portions;
}

beforeEach(() => {
  const root = temporaryFolder('run-library');
  runs = join(root, 'runs');
  cache = join(root, 'cache');
  mkdirSync(runs);
});

test('a run that ended a moment ago is kept when it has settled, though no page asks for it', async () => {
  writeRun('a', momentOf(0));
  const library = await openLibrary();
  await library.get('a');
  await vi.waitFor(() => expect(keptRuns()).toEqual(['a']), { timeout: 10_000 });
  library.close();
});

test('the run of a sweep is listed with the title of its text, not the name of the copy', async () => {
  const text = join(dirname(runs), 'Moby Dick.txt');
  writeFileSync(text, 'Call me Ishmael. '.repeat(500));
  const settings = { ...defaultRunSettings, name: 'size', batchSize: 5, sequenceLength: 10 };
  const planned = await planSweep(
    {
      runsFolder: runs,
      name: 'size',
      space: {
        method: 'grid',
        axes: [{ kind: 'values', key: 'rnnSize', values: [8] }],
        ...{ seeds: 1, runs: 10, drawSeed: 1 },
      },
      ...{ earlyStopping: null, settings, text: { path: text, title: 'Moby Dick.txt', encoding: null } },
      ...{ initFrom: null, vocabulary: null, backend: 'wasm', threads: 1 },
    },
    (reading) => countText(reading),
  );
  writeRun('size-001', momentOf(0), join(planned.folder, 'text.txt'));
  writeRun('other', momentOf(1), text);
  const library = await openLibrary();
  expect((await library.list()).map((run) => [run.id, run.text.title]).toSorted()).toEqual([
    ['other', text],
    ['size-001', 'Moby Dick.txt'],
  ]);
  library.close();
});

test('a library that is closed keeps nothing more', async () => {
  writeRun('a', momentOf(0));
  const library = await openLibrary();
  await library.get('a');
  library.close();
  await library.list();
  expect(keptRuns()).toEqual([]);
});

test('runs come newest first, a screenful before the others, and in the same order once they are kept', async () => {
  const count = 60;
  const names = Array.from({ length: count }, (_, place) => `run-${(place * 37) % count}`);
  names.forEach((name, place) => writeRun(name, momentOf(place)));
  const first = await openLibrary();
  const portions = await portionsOf(first);
  expect(portions.flatMap((portion) => portion.runs.map(({ id }) => id))).toEqual(names);
  expect(portions.length).toBeGreaterThan(1);
  expect(portions[0]?.runs.length).toBeLessThan(count / 2);
  let remaining = count;
  for (const portion of portions) {
    remaining -= portion.runs.length;
    expect(portion.remaining).toBe(remaining);
  }
  await vi.waitFor(() => expect(keptRuns()).toHaveLength(count), { timeout: 10_000 });
  first.close();

  const second = await openLibrary();
  expect((await portionsOf(second)).flatMap((portion) => portion.runs)).toEqual(
    (await portionsOf(first)).flatMap((portion) => portion.runs),
  );
  second.close();
});

test('runs that cannot be read come last, and hide no other', async () => {
  writeRun('a', momentOf(0));
  writeRun('b', momentOf(1));
  mkdirSync(join(runs, 'damaged'));
  writeFileSync(join(runs, 'damaged', 'run.json'), '{');
  const library = await openLibrary();
  const read = (await portionsOf(library)).flatMap((portion) => portion.runs);
  expect(read.map(({ id, state }) => [id, state])).toEqual([
    ['a', 'finished'],
    ['b', 'finished'],
    ['damaged', 'damaged'],
  ]);
  library.close();
});

test('of a folder without runs there is one empty portion', async () => {
  const library = await openLibrary();
  expect(await portionsOf(library)).toEqual([{ runs: [], remaining: 0 }]);
});
