import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeCheckpoint } from '../../../src/engine/checkpoints/codec.ts';
import { encodeRunRecord } from '../../../src/node/files/run-record.ts';
import { readSamples } from '../../../src/node/files/sample-log.ts';
import { listCheckpoints } from '../../../src/runs/checkpoints.ts';
import { resolveModel } from '../../../src/runs/find.ts';
import { readMetrics, readMetricsOrProblem } from '../../../src/runs/history.ts';
import { listRuns } from '../../../src/runs/library.ts';
import { MetricsFollower } from '../../../src/runs/metrics-follower.ts';
import { CharloomError } from '../../../src/shared/errors.ts';
import { checkpointMetadata, makeCheckpoint, sha256 } from '../../support/checkpoints.ts';
import { temporaryFolder } from '../../support/texts.ts';

const root = temporaryFolder('damaged-library');

/** Writes a whole run of two checkpoints. */
function makeRun(folder: string, created = '2026-11-24T10:00:00.000Z'): void {
  const { settings, spec, text, iterationsPerEpoch } = checkpointMetadata();
  mkdirSync(join(folder, 'checkpoints'), { recursive: true });
  const record = encodeRunRecord({
    ...{ formatVersion: 2, writtenBy: '0.1.0', state: 'finished', reason: null, created, updated: created },
    ...{ settings, spec, text: { path: '/texts/a.txt', fingerprint: text }, initializedFrom: null },
    ...{ iteration: 40, iterations: 40, iterationsPerEpoch, rateChange: null, vocabulary: null },
    backend: { name: 'wasm', device: 'processor', threads: 1, variant: 'test' },
  });
  writeFileSync(join(folder, 'run.json'), record);
  const lines = Array.from({ length: 40 }, (_, index) => ({
    ...{ event: 'step', i: index + 1, epoch: (index + 1) / 20, loss: 1, rate: 0.002 },
    ...{ gradient_norm: 1, parameter_norm: 1, ms: 1 },
  }));
  writeFileSync(join(folder, 'metrics.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  for (const [name, iteration] of [
    ['a.safetensors', 20],
    ['b.safetensors', 40],
  ] as const) {
    const { pieces } = encodeCheckpoint(makeCheckpoint({ iteration, validationLoss: 1 / iteration }), sha256);
    writeFileSync(join(folder, 'checkpoints', name), Buffer.concat(pieces));
  }
  writeFileSync(join(folder, 'samples.jsonl'), '');
  writeFileSync(join(folder, 'log.txt'), '2026-11-24 10:00:00  started\n');
}

const template = join(root, 'template');
makeRun(template);

/** What may have happened to a file or folder. */
const damages: Readonly<Record<string, (path: string) => void>> = {
  'cut in half': (path) => truncateSync(path, Math.floor(readFileSync(path).length / 2)),
  emptied: (path) => truncateSync(path, 0),
  'filled with something else': (path) => writeFileSync(path, Buffer.from([0xff, 0, 0x7b, 0x0a, 0x80, 0x7d])),
  'grown beyond all bounds': (path) => truncateSync(path, 2 ** 28 + 1),
  deleted: (path) => rmSync(path, { recursive: true }),
  'replaced by a folder': (path) => replace(path, () => mkdirSync(path)),
  'replaced by a file': (path) => replace(path, () => writeFileSync(path, 'a file')),
  'replaced by a pipe': (path) => replace(path, () => execFileSync('mkfifo', [path])),
  'replaced by a device': (path) => replace(path, () => symlinkSync('/dev/zero', path)),
  'replaced by a link out of the run': (path) => replace(path, () => symlinkSync('/etc/passwd', path)),
  'replaced by a link to nowhere': (path) => replace(path, () => symlinkSync('/nowhere/at/all', path)),
  'replaced by a link to itself': (path) => replace(path, () => symlinkSync(path, path)),
};
/** These need an existing file. */
const ofContent = ['cut in half', 'emptied', 'filled with something else', 'grown beyond all bounds'];

function replace(path: string, make: () => void): void {
  rmSync(path, { recursive: true, force: true });
  make();
}

const files = [
  'run.json',
  'metrics.jsonl',
  'checkpoints/a.safetensors',
  'samples.jsonl',
  'run.lock',
] as const;
type Target = (typeof files)[number] | 'checkpoints' | 'resume.safetensors';

function damage(folder: string, target: Target, how: string): void {
  const path = join(folder, target);
  if (target === 'run.lock' || target === 'resume.safetensors') writeFileSync(path, '{}');
  damages[how]?.(path);
}

/** A fresh runs folder with a whole run and one to damage. */
function library(): { readonly runs: string; readonly sick: string } {
  const runs = mkdtempSync(join(root, 'runs-'));
  const sick = join(runs, 'sick');
  cpSync(template, join(runs, 'whole'), { recursive: true });
  cpSync(template, sick, { recursive: true });
  return { runs, sick };
}

async function look(runs: string) {
  const listed = await listRuns(runs);
  const byName = new Map(listed.map((run) => [run.name, run]));
  return { whole: byName.get('whole'), sick: byName.get('sick') };
}

/** Errors must be sentences: anything else is an internal error. */
async function inWords(work: Promise<unknown>): Promise<string | undefined> {
  return work.then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof CharloomError) return error.message;
      throw error;
    },
  );
}

async function follow(folder: string): Promise<void> {
  const follower = new MetricsFollower(join(folder, 'metrics.jsonl'));
  for await (const metrics of follower.read()) expect(metrics.length).toBeGreaterThanOrEqual(0);
}

const whats = fc
  .tuple(
    fc.constantFrom<Target>(...files, 'checkpoints', 'resume.safetensors'),
    fc.constantFrom(...Object.keys(damages)),
  )
  .filter(([target, how]) => target !== 'checkpoints' || !ofContent.includes(how));

describe.skipIf(process.platform === 'win32')('damaged run folders', () => {
  test('nothing throws or hangs, and the other runs are listed unchanged', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(whats, { selector: ([target]) => target, minLength: 1, maxLength: 4 }),
        async (happened) => {
          const { runs, sick } = library();
          // The folder last: its contents must exist to be damaged.
          const inOrder = happened.toSorted(([a], [b]) => b.length - a.length);
          for (const [target, how] of inOrder) if (target !== 'checkpoints') damage(sick, target, how);
          for (const [target, how] of inOrder) if (target === 'checkpoints') damage(sick, target, how);
          const { whole } = await look(runs);
          expect(whole).toMatchObject({
            kind: 'run',
            status: 'finished',
            iteration: 40,
            checkpoints: 2,
            problems: [],
          });
          await listCheckpoints(sick);
          await inWords(readMetrics(sick));
          await inWords(follow(sick));
          await inWords(readSamples(join(sick, 'samples.jsonl')));
          await inWords(resolveModel(sick, runs));
          rmSync(runs, { recursive: true });
        },
      ),
      { numRuns: 100 },
    );
  }, 120_000);

  test.each(Object.keys(damages))(
    'a run.json that was %s is reported, and the run is listed',
    async (how) => {
      const { runs, sick } = library();
      damage(sick, 'run.json', how);
      const found = (await look(runs)).sick;
      expect(found?.kind).toBe('damaged');
      expect(found?.kind === 'damaged' && found.problem).toMatch(/run\.json/);
      // What it had learned is still there to write with.
      expect(await resolveModel('sick', runs)).toBe(join(sick, 'checkpoints', 'b.safetensors'));
    },
  );

  test.each(Object.keys(damages))(
    'a checkpoint that was %s is reported, and the other is used',
    async (how) => {
      const { runs, sick } = library();
      damage(sick, 'checkpoints/a.safetensors', how);
      const found = (await look(runs)).sick;
      const problems = found?.kind === 'run' ? found.problems : [];
      if (how !== 'deleted') expect(problems.join()).toContain('a.safetensors');
      expect(found).toMatchObject({ kind: 'run', checkpoints: 1, best: { name: 'b.safetensors' } });
    },
  );

  test.each([
    ['replaced by a file', /part of the path is a file/],
    ['replaced by a pipe', /part of the path is a file/],
    ['replaced by a link to itself', /form a loop/],
  ])('a folder of checkpoints that was %s is reported, and the run is listed', async (how, words) => {
    const { runs, sick } = library();
    damage(sick, 'checkpoints', how);
    const found = (await look(runs)).sick;
    expect(found).toMatchObject({ kind: 'run', iteration: 40, checkpoints: 0, best: null });
    expect(found?.kind === 'run' && found.problems.join()).toMatch(words);
  });

  test.each([
    ['replaced by a folder', /metrics.*a folder has the name of the file/],
    ['replaced by a pipe', /metrics.*not a regular file/],
    ['replaced by a device', /metrics.*not a regular file/],
  ])('metrics that were %s are reported, and the run is listed', async (how, words) => {
    const { runs, sick } = library();
    damage(sick, 'metrics.jsonl', how);
    const found = (await look(runs)).sick;
    expect(found).toMatchObject({ kind: 'run', iteration: 40, checkpoints: 2 });
    const { history, problem } = await readMetricsOrProblem(sick);
    expect(history.steps).toEqual([]);
    expect(problem?.problem).toMatch(words);
    expect(found?.kind === 'run' && found.problems.join()).toMatch(words);
  });

  test('a run that has lost everything except its checkpoints is listed', async () => {
    const { runs, sick } = library();
    for (const name of ['run.json', 'metrics.jsonl', 'samples.jsonl', 'log.txt']) rmSync(join(sick, name));
    expect((await look(runs)).sick).toMatchObject({ kind: 'damaged', problem: /has no run\.json/ });
    expect(await resolveModel('sick', runs)).toBe(join(sick, 'checkpoints', 'b.safetensors'));
  });

  test('a run on a removed disk is reported', async () => {
    const { runs, sick } = library();
    rmSync(sick, { recursive: true });
    symlinkSync('/nowhere/at/all', sick);
    expect((await look(runs)).sick).toMatchObject({
      kind: 'damaged',
      problem: /link to a folder that does not exist/,
    });
  });

  test('a metrics file without line ends fills no memory, and what follows is read', async () => {
    const { sick } = library();
    const path = join(sick, 'metrics.jsonl');
    const lines = readFileSync(path, 'utf8');
    writeFileSync(path, `${'x'.repeat(5 * 2 ** 20)}\n${lines}`);
    expect((await readMetrics(sick)).steps).toHaveLength(40);
  });
});

test('a thousand runs are listed, newest first and the damaged ones last', async () => {
  const runs = mkdtempSync(join(root, 'thousand-'));
  const names = Array.from({ length: 1000 }, (_, index) => `run-${String(index).padStart(4, '0')}`);
  for (const [index, name] of names.entries()) {
    makeRun(join(runs, name), new Date(Date.UTC(2026, 0, 1, 0, index)).toISOString());
    if (index % 10 === 0) truncateSync(join(runs, name, 'run.json'), 100);
  }
  const listed = await listRuns(runs);
  const isDamaged = (name: string): boolean => name.endsWith('0');
  expect(listed.map(({ name }) => name)).toEqual([
    ...names.filter((name) => !isDamaged(name)).toReversed(),
    ...names.filter(isDamaged),
  ]);
}, 60_000);
