import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, test } from 'vitest';
import { encodeCheckpoint } from '../../../src/engine/checkpoints/codec.ts';
import { encodeRunRecord } from '../../../src/node/files/run-record.ts';
import { timeStepAt } from '../../../src/runs/fingerprint.ts';
import { KeptSummaries } from '../../../src/runs/kept-summaries.ts';
import { listRuns } from '../../../src/runs/library.ts';
import type { RunSummary } from '../../../src/runs/summary.ts';
import { checkpointMetadata, makeCheckpoint, sha256 } from '../../support/checkpoints.ts';
import { temporaryFolder } from '../../support/texts.ts';

const created = '2026-11-24T10:00:00.000Z';

let root: string;
let runs: string;
let cache: string;

function writeRecord(name: string, iteration: number): void {
  const { settings, spec, text, iterationsPerEpoch } = checkpointMetadata();
  const record = encodeRunRecord({
    ...{ formatVersion: 2, writtenBy: '0.1.0', state: 'finished', reason: null, created, updated: created },
    ...{ settings, spec, text: { path: '/texts/a.txt', fingerprint: text }, initializedFrom: null },
    ...{ iteration, iterations: 80, iterationsPerEpoch, rateChange: null, vocabulary: null },
    backend: { name: 'wasm', device: 'processor', threads: 1, variant: 'test' },
  });
  writeFileSync(join(runs, name, 'run.json'), record);
}

function writeCheckpoint(name: string, file: string, validationLoss: number): void {
  const metadata = { ...checkpointMetadata(), validationLoss };
  const { pieces } = encodeCheckpoint(makeCheckpoint(metadata), sha256);
  const folder = join(runs, name, 'checkpoints');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, file), Buffer.concat(pieces));
}

/** Lists the runs like a process that starts a minute later: recent writes have settled by then. */
async function list(): Promise<readonly RunSummary[]> {
  return listRuns(runs, await KeptSummaries.open(cache, runs, () => Date.now() + 60_000));
}

function cacheFile(): string {
  return join(cache, readdirSync(cache)[0] ?? '');
}

/** Changes what the cache says of a run, so that it shows whether the cache was believed. */
function changeCache(change: (file: { runs: Record<string, { iteration: number }> }) => unknown): void {
  const file = JSON.parse(readFileSync(cacheFile(), 'utf8')) as Parameters<typeof change>[0];
  writeFileSync(cacheFile(), JSON.stringify(change(file)));
}

/** When something of a run was changed last, in milliseconds since 1970. */
function changedAt(name: string): number {
  const paths = ['run.json', 'metrics.jsonl', 'checkpoints'].map((file) => join(runs, name, file));
  return Math.max(...paths.map((path) => statSync(path).ctimeMs));
}

function iterationOf(found: readonly RunSummary[], name = 'a'): number | undefined {
  const run = found.find((each) => each.name === name);
  return run?.kind === 'run' ? run.iteration : undefined;
}

beforeEach(() => {
  root = temporaryFolder('kept-summaries');
  runs = join(root, 'runs');
  cache = join(root, 'cache');
  mkdirSync(join(runs, 'a'), { recursive: true });
  writeFileSync(join(runs, 'a', 'metrics.jsonl'), '');
  writeCheckpoint('a', 'one.safetensors', 2);
  writeRecord('a', 40);
});

describe('summaries of runs that have ended', () => {
  it('equal a fresh reading of the runs', async () => {
    const read = await listRuns(runs);
    await list();
    changeCache((file) => file);
    expect(await list()).toEqual(read);
  });

  it('come from the cache while nothing has changed', async () => {
    await list();
    changeCache((file) => {
      (file.runs['a'] ?? { iteration: 0 }).iteration = 55;
      return file;
    });
    expect(iterationOf(await list())).toBe(55);
  });

  it('are read again when run.json, the metrics or the checkpoints change', async () => {
    await list();
    writeRecord('a', 60);
    expect(iterationOf(await list())).toBe(60);

    await list();
    const line = { event: 'step', i: 70, epoch: 1, loss: 1, rate: 0.1, gradient_norm: 1, parameter_norm: 1 };
    writeFileSync(join(runs, 'a', 'metrics.jsonl'), `${JSON.stringify({ ...line, ms: 1 })}\n`);
    expect(iterationOf(await list())).toBe(70);

    await list();
    writeCheckpoint('a', 'two.safetensors', 1);
    const [run] = await list();
    expect(run?.kind === 'run' ? [run.checkpoints, run.best?.name] : run).toEqual([2, 'two.safetensors']);
  });

  it('are not kept for very recent changes, since another change may have the same time', async () => {
    let now = changedAt('a');
    const kept = await KeptSummaries.open(cache, runs, () => now);
    await listRuns(runs, kept);
    expect(existsSync(cache)).toBe(false);
    expect(kept.isSettled('a')).toBe(false);
    expect(kept.untilSettled).toBeGreaterThan(0);

    now += kept.untilSettled ?? 0;
    expect(kept.settled).toEqual(['a']);
    await listRuns(runs, kept);
    expect(JSON.parse(readFileSync(cacheFile(), 'utf8'))).toHaveProperty('runs.a.iteration', 40);
    expect(kept.settled).toEqual([]);
    expect(kept.untilSettled).toBeUndefined();
  });

  it('are not waited for where another clock set a time that is far ahead', async () => {
    const kept = await KeptSummaries.open(cache, runs, () => changedAt('a') - 3_600_000);
    await listRuns(runs, kept);
    expect([existsSync(cache), kept.untilSettled]).toEqual([false, undefined]);
  });

  it('tell when a run was created, for an order, without looking at the run', async () => {
    await list();
    const kept = await KeptSummaries.open(cache, runs);
    expect([kept.createdOf('a'), kept.createdOf('b')]).toEqual([created, undefined]);
  });

  it('are not kept for a run that a process holds, and removed with the run', async () => {
    await list();
    writeFileSync(join(runs, 'a', 'run.lock'), '{}');
    await list();
    expect(JSON.parse(readFileSync(cacheFile(), 'utf8'))).toMatchObject({ runs: {} });
    rmSync(join(runs, 'a'), { recursive: true });
    expect(await list()).toEqual([]);
  });

  it.each([
    ['damaged', () => '{"formatVersion": 1, "runs": {"a'],
    ['empty', () => ''],
    ['of an older format', (file: string) => file.replace('"formatVersion":1', '"formatVersion":0')],
    ['of a newer format', (file: string) => file.replace('"formatVersion":1', '"formatVersion":2')],
    ['of another version', (file: string) => file.replace(/"writtenBy":"[^"]*"/, '"writtenBy":"99.0.0"')],
    ['of another folder', (file: string) => file.replace(/"folder":"[^"]*"/, '"folder":"/elsewhere"')],
    ['about a run in another form', (file: string) => file.replace('"iteration":40', '"iteration":"many"')],
  ])('of a cache file that is %s are ignored', async (_what, damage) => {
    await list();
    changeCache((file) => file);
    writeFileSync(cacheFile(), damage(readFileSync(cacheFile(), 'utf8')));
    expect(iterationOf(await list())).toBe(40);
    expect(await list()).toEqual(await listRuns(runs));
  });

  it('are not needed: a cache that cannot be written changes nothing', async () => {
    writeFileSync(cache, 'a file where the folder belongs');
    expect(iterationOf(await list())).toBe(40);
  });

  it('survive two processes that use the cache at the same time', async () => {
    mkdirSync(join(runs, 'b'));
    writeFileSync(join(runs, 'b', 'metrics.jsonl'), '');
    writeCheckpoint('b', 'one.safetensors', 2);
    writeRecord('b', 20);
    await list();
    const lists = await Promise.all(Array.from({ length: 8 }, () => list()));
    for (const found of lists) expect([iterationOf(found, 'a'), iterationOf(found, 'b')]).toEqual([40, 20]);
    expect(() => JSON.parse(readFileSync(cacheFile(), 'utf8')) as unknown).not.toThrow();
  });
});

test.each([
  ['keeps fractions of a second', 1_790_000_000_123.456, 100],
  ['counts seconds', 1_790_000_000_000, 2500],
])('a file system that %s has its own step of time', (_what, changed, step) => {
  expect(timeStepAt(changed)).toBe(step);
});
