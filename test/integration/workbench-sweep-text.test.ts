import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSweepRecord } from '../../src/node/sweeps/sweep-record.ts';
import { readTextFile } from '../../src/node/texts/text-file.ts';
import type { CharloomError } from '../../src/shared/errors.ts';
import { quick, RunsOfWorkbench } from '../support/workbench-runs.ts';

let runs: RunsOfWorkbench;

async function start(text: string, encoding: string | null = null): Promise<string> {
  const run = {
    text,
    encoding,
    settings: { ...quick, name: 'weave', symbols: 'characters' as const, lineEnds: 'lf' as const },
    backend: 'wasm' as const,
    threads: 1,
    initializeFrom: null,
  };
  const axes = [{ kind: 'values' as const, key: 'rnnSize', values: [8, 16] }];
  const space = { method: 'grid' as const, axes, seeds: 1, runs: 100, drawSeed: 1 };
  const request = { run, space, earlyStopping: null, hours: null };
  return (await runs.page.request('sweeps.start', request)).id;
}

function errorOf(work: Promise<unknown>): Promise<CharloomError> {
  return work.then(
    () => expect.fail('it did not fail'),
    (error: unknown) => error as CharloomError,
  );
}

function leftBehind(): readonly string[] {
  return existsSync(runs.folders.runs) ? readdirSync(runs.folders.runs) : [];
}

async function importText(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(runs.folders.home, name);
  writeFileSync(path, content);
  return (await runs.page.workbench.addTextFile(path)).id;
}

describe('the text of a sweep is read in a process of its own', () => {
  beforeAll(async () => {
    runs = await RunsOfWorkbench.open();
  });
  afterAll(async () => {
    expect(runs.page.defects).toEqual([]);
    await runs.page.workbench.dispose();
  });

  it('and what is wrong with it is said as anywhere else', async () => {
    const text = await importText('other.txt', 'A weaver wove. '.repeat(3000));
    const path = join(runs.folders.home, 'other.txt');
    const { code, message, fix } = await errorOf(readTextFile(path, { encoding: 'klingon' }));
    expect(await errorOf(start(text, 'klingon'))).toMatchObject({ code, message, fix });
    // It was a text when it was imported.
    writeFileSync(
      path,
      Uint8Array.from({ length: 4096 }, (_, place) => (place * 7) % 251),
    );
    const binary = await errorOf(readTextFile(path));
    expect(await errorOf(start(text))).toMatchObject({ code: binary.code, message: binary.message });
    expect(leftBehind()).toEqual([]);
  }, 120_000);

  it('can be cancelled while it is read, and nothing is left behind', async () => {
    const text = await importText(
      'endless.txt',
      'A weaver wove threads in the year 1500.\n'.repeat(6_000_000),
    );
    const readings = runs.page.open('texts.readings', null);
    const failed = errorOf(start(text));
    const shown = await readings.item(({ readings: all }) => all.some(({ fraction }) => fraction > 0));
    const [reading] = shown.readings;
    expect(reading).toMatchObject({ name: 'endless.txt' });
    readings.stream.send({ kind: 'cancel', reading: reading?.id ?? -1 });
    expect(await failed).toMatchObject({ code: 'cancelled', message: 'Cancelled; no run was started.' });
    await readings.item(({ readings: all }) => all.length === 0, readings.items.indexOf(shown));
    readings.stream.close();
    expect(leftBehind()).toEqual([]);
  }, 120_000);

  it('and counted as the run will find it', async () => {
    const text = await importText('lines.txt', 'Fäden und Fasern,\r\n'.repeat(2000));
    const sweep = await start(text);
    const { text: counted } = await readSweepRecord(join(runs.folders.runs, sweep));
    const read = await readTextFile(join(runs.folders.home, 'lines.txt'), { lineEnds: 'lf' });
    expect(counted).toMatchObject({
      characters: read.corpus.symbols.length,
      vocabularySize: read.corpus.vocabulary.codes.length,
      sha256: read.fingerprint.sha256,
    });
    await runs.page.request('sweeps.cancel', { sweep, tasks: [1, 2] });
  }, 120_000);
});
