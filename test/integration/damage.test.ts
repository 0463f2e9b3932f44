import {
  appendFileSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readCheckpoint } from '../../src/node/files/checkpoint-files.ts';
import { describeError } from '../../src/cli/report-error.ts';
import { CharloomError } from '../../src/shared/errors.ts';
import { checkpointDigests, metricLines, quickSettings, session, type Told } from '../support/sessions.ts';
import { temporaryFolder, wordyText, writeText } from '../support/texts.ts';

const folder = temporaryFolder('damage');
const content = wordyText(2000);
const text = writeText(folder, 'text.txt', content);
let whole: Told;
beforeAll(async () => {
  whole = await session({ text, runs: join(folder, 'whole'), settings: quickSettings });
});

/** A run stopped after 24 iterations, with checkpoints of 7, 14, 21 and 24. */
async function stoppedRun(): Promise<string> {
  const { outcome } = await session({
    text,
    runs: join(folder, 'stopped'),
    settings: quickSettings,
    stopAfter: 24,
  });
  return outcome.folder;
}

/** A run's checkpoint files, earliest first. */
function checkpoints(run: string): readonly string[] {
  const names = readdirSync(join(run, 'checkpoints'));
  const epoch = (name: string): number => Number(/_epoch([\d.]+)_/.exec(name)?.[1]);
  return names.toSorted((a, b) => epoch(a) - epoch(b)).map((name) => join(run, 'checkpoints', name));
}

async function failure(work: Promise<unknown>): Promise<CharloomError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof CharloomError) return error;
  throw error ?? new Error('did not fail');
}

describe('a run resumes from the last undamaged save, and names damaged ones', () => {
  const damages: readonly (readonly [
    title: string,
    damage: (run: string) => void,
    notices: readonly RegExp[],
  ])[] = [
    ['nothing', () => undefined, []],
    ['the last checkpoint cut short', (run) => truncateSync(checkpoints(run)[3] ?? '', 5000), [/cut short/]],
    ['the last checkpoint empty', (run) => truncateSync(checkpoints(run)[3] ?? '', 0), [/cut short/]],
    [
      'one bit of the last checkpoint changed',
      (run) => {
        const [, , , path = ''] = checkpoints(run);
        const bytes = readFileSync(path);
        bytes[bytes.length - 40] = (bytes.at(-40) ?? 0) ^ 4;
        writeFileSync(path, bytes);
      },
      [/checksum/],
    ],
    [
      'all but the first checkpoint damaged, each in its way',
      (run) => {
        const [, second = '', third = '', fourth = ''] = checkpoints(run);
        writeFileSync(second, 'not a checkpoint at all');
        truncateSync(third, 4);
        writeFileSync(fourth, Buffer.concat([readFileSync(fourth), Buffer.from('more')]));
      },
      [/safetensors file|cut short/, /cut short/, /do not belong to any tensor/],
    ],
    ['no checkpoint left', (run) => checkpoints(run).forEach((path) => rmSync(path)), []],
    [
      'a torn resume point',
      (run) => writeFileSync(join(run, 'resume.safetensors'), 'torn'),
      [/resume\.safetensors/],
    ],
    [
      'a torn last line of metrics',
      (run) => appendFileSync(join(run, 'metrics.jsonl'), '{"event":"step","i":25,"los'),
      [],
    ],
    [
      'metrics of steps that no save holds',
      (run) => appendFileSync(join(run, 'metrics.jsonl'), '{"event":"eval","i":25,"epoch":1,"val_loss":1}\n'),
      [],
    ],
    [
      'half-written files',
      (run) => writeFileSync(join(run, 'checkpoints', '.charloom-0123456789abcdef.tmp'), 'half'),
      [],
    ],
    ['a torn lock', (run) => writeFileSync(join(run, 'run.lock'), '{"token":'), []],
  ];

  test.each(damages)('%s', async (_, damage, expected) => {
    const run = await stoppedRun();
    const kept = new Set(readdirSync(join(run, 'checkpoints')));
    damage(run);
    const { outcome, notices } = await session({ resume: run });
    expect(outcome.end).toBe('finished');
    for (const pattern of expected) expect(notices.join('\n')).toMatch(pattern);
    if (expected.length === 0) expect(notices).toEqual([]);
    // Scheduled checkpoints that come again replace damaged ones; whichever was not passed again stays as it is.
    const digests = Object.entries(checkpointDigests(run));
    const wanted = checkpointDigests(whole.outcome.folder);
    const later = digests.filter(([name]) => !kept.has(name));
    expect(later.length).toBeGreaterThan(2);
    for (const [name, digest] of later) expect(digest).toBe(wanted[name]);
    const unscheduled = (line: unknown): boolean => Object(line).event === 'eval' && Object(line).i === 24;
    expect(metricLines(run).filter((line) => !unscheduled(line))).toEqual(metricLines(whole.outcome.folder));
    expect(readdirSync(join(run, 'checkpoints')).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect(existsSync(join(run, 'run.lock'))).toBe(false);
  });

  test.each([
    ['cut short', (path: string) => truncateSync(path, 100), /run\.json is damaged/],
    ['of another program', (path: string) => writeFileSync(path, '{"name":"x"}'), /not Charloom’s/],
    [
      'with a setting out of range',
      (path: string) =>
        writeFileSync(path, readFileSync(path, 'utf8').replace('"rnnSize": 12', '"rnnSize": -1')),
      /run\.json is not valid/,
    ],
    [
      'from the future',
      (path: string) =>
        writeFileSync(path, readFileSync(path, 'utf8').replace('"formatVersion": 2', '"formatVersion": 99')),
      /a newer Charloom wrote/,
    ],
  ])('a run.json %s is refused and left alone', async (_, damage, message) => {
    const run = await stoppedRun();
    damage(join(run, 'run.json'));
    const before = readdirSync(run).sort();
    const error = await failure(session({ resume: run }));
    expect(error.code).toBe(String(message).includes('newer') ? 'incompatible' : 'bad-run');
    expect(error.message).toMatch(message);
    expect(readdirSync(run).sort()).toEqual(before);
  });
});

describe('a text that has changed since the start of the run', () => {
  const spot = content.indexOf('sea');

  test.each([
    [
      'changed in one letter',
      `${content.slice(0, spot)}tea${content.slice(spot + 3)}`,
      /the same length but different content/,
    ],
    ['grown', `${content}more`, /it had 2,000 bytes and has 2,004/],
  ])('%s: reported, and nothing is changed', async (name, changed, message) => {
    const own = writeText(folder, `${name}.txt`, content);
    const { outcome } = await session({
      text: own,
      runs: join(folder, name),
      settings: quickSettings,
      stopAfter: 10,
    });
    const before = checkpointDigests(outcome.folder);
    writeFileSync(own, changed);
    const error = await failure(session({ resume: outcome.folder }));
    expect(error.code).toBe('text-changed');
    expect(error.message).toMatch(message);
    expect(describeError(error)).toContain('--init-from');
    expect(checkpointDigests(outcome.folder)).toEqual(before);
    writeFileSync(own, content);
    expect((await session({ resume: outcome.folder })).outcome.end).toBe('finished');
  });

  test('moved: its old location is reported, and a named one is used', async () => {
    const own = writeText(folder, 'here.txt', content);
    const { outcome } = await session({
      text: own,
      runs: join(folder, 'moved'),
      settings: quickSettings,
      stopAfter: 10,
    });
    const there = join(folder, 'there.txt');
    renameSync(own, there);
    const error = await failure(session({ resume: outcome.folder }));
    expect(error.code).toBe('not-found');
    expect(error.message).toContain(own);
    expect((await session({ resume: outcome.folder, text: there })).outcome.end).toBe('finished');
    expect(checkpointDigests(outcome.folder)).toMatchObject(checkpointDigests(whole.outcome.folder));
  });

  test('settings that earlier numbers depend on cannot change', async () => {
    const run = await stoppedRun();
    const error = await failure(session({ resume: run, settings: { decayRate: 0.5 } }));
    expect(error.code).toBe('bad-setting');
    expect((await session({ resume: run, settings: { maxIterations: 30 } })).outcome.iteration).toBe(30);
  });
});

describe('a warm start', () => {
  const warm = { ...quickSettings, name: 'warm', learningRate: 1e-9, rnnSize: 99, maxIterations: 3 };

  test('takes model and parameters, forget biases included, and starts everything else from the beginning', async () => {
    const [, , , , , , from = ''] = checkpoints(whole.outcome.folder);
    const { outcome, steps, notices } = await session({
      text,
      runs: join(folder, 'warm'),
      settings: warm,
      initFrom: from,
    });
    expect(steps.map(([iteration]) => iteration)).toEqual([1, 2, 3]);
    expect(notices).toContainEqual(expect.stringContaining("The model is the checkpoint's: lstm 2x12"));
    // A rate of next to nothing leaves the parameters where they were.
    const before = (await readCheckpoint(from)).tensors;
    const after = (await readCheckpoint(checkpoints(outcome.folder)[0] ?? '')).tensors;
    for (const name of ['layers.0.wx', 'layers.0.bx', 'layers.1.bx', 'decoder.w']) {
      const moved = (after.get(name)?.data ?? []).map((value, i) =>
        Math.abs(value - (before.get(name)?.data[i] ?? NaN)),
      );
      expect(Math.max(...moved)).toBeLessThan(1e-6);
    }
    const { metadata } = await readCheckpoint(checkpoints(outcome.folder)[0] ?? '');
    expect(metadata).toMatchObject({
      iteration: 3,
      learningRate: 1e-9,
      initializedFrom: basename(from),
    });
  });

  test('is resumed before its first checkpoint, even if the checkpoint it started from is missing', async () => {
    const source = join(folder, 'source.safetensors');
    copyFileSync(checkpoints(whole.outcome.folder)[2] ?? '', source);
    const settings = { ...quickSettings, maxIterations: 20 };
    const uninterrupted = await session({
      text,
      runs: join(folder, 'warm whole'),
      settings,
      initFrom: source,
    });
    const stopped = await session({
      text,
      runs: join(folder, 'warm stopped'),
      settings,
      initFrom: source,
      stopAfter: 3,
    });
    rmSync(source);
    for (const path of checkpoints(stopped.outcome.folder)) rmSync(path);
    rmSync(join(stopped.outcome.folder, 'resume.safetensors'), { force: true });
    const resumed = await session({ resume: stopped.outcome.folder });
    expect(resumed.steps).toEqual(uninterrupted.steps);
    expect(checkpointDigests(stopped.outcome.folder)).toEqual(
      checkpointDigests(uninterrupted.outcome.folder),
    );
  });

  test('refuses a text with other symbols, which it names', async () => {
    const other = writeText(folder, 'other.txt', `${content}Ü`);
    const [from = ''] = checkpoints(whole.outcome.folder);
    const error = await failure(
      session({ text: other, runs: join(folder, 'refused'), settings: quickSettings, initFrom: from }),
    );
    expect(error.code).toBe('incompatible');
    expect(error.message).toContain('the checkpoint does not know “Ü”');
    expect(existsSync(join(folder, 'refused'))).toBe(false);
  });
});
