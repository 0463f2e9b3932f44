import { readFileSync, writeFileSync } from 'node:fs';
import { join, parse } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Checkpoint } from '../../src/engine/checkpoints/content.ts';
import { encodeHeader } from '../../src/engine/checkpoints/safetensors.ts';
import { readCheckpoint, readCheckpointHeader } from '../../src/node/files/checkpoint-files.ts';
import { readRunRecord, runPaths } from '../../src/node/files/run-folder.ts';
import { RunQueue } from '../../src/processes/queue.ts';
import { NotesStore, readNotes } from '../../src/workbench/runs/notes-store.ts';
import { TextList } from '../../src/workbench/texts/text-list.ts';
import { EarlierFiles } from '../support/earlier-files.ts';
import { session } from '../support/sessions.ts';
import { openWorkbench } from '../support/workbench.ts';

type Json = Record<string, unknown>;
const run = ['home', 'runs', 'tale-lstm'] as const;
const queuePath = ['home', 'queue.json'] as const;
const openQueue = (files: EarlierFiles): Promise<RunQueue> =>
  RunQueue.open({ home: files.home, runs: files.runs }, (movedTo) =>
    expect.unreachable(`moved to ${movedTo}`),
  );

/** The queue and runs are at format 2 here, everything else at format 1. */
const newerVersion = (path: readonly string[]): number =>
  ['queue.json', 'run.json'].includes(path.at(-1) ?? '') ? 3 : 2;
const newer =
  (path: readonly string[]) =>
  (content: Json): Json => ({ ...content, formatVersion: newerVersion(path) });
const told = (what: string) => ({
  fix: 'Update Charloom.',
  message: expect.stringContaining(`a newer Charloom wrote ${what}`) as string,
});

describe('a file that a newer Charloom wrote is reported as such, and stays unchanged:', () => {
  /** Fails if the work changed the file or moved it aside. */
  async function untouched(
    files: EarlierFiles,
    path: readonly string[],
    work: () => Promise<void>,
  ): Promise<void> {
    if (path.length > 0 && path.at(-1)?.endsWith('.json') === true) files.edit(path, newer(path));
    const place = join(files.folder, ...path);
    const before = readFileSync(place);
    await work();
    expect(readFileSync(place).equals(before)).toBe(true);
    expect(files.movedAside).toEqual([]);
  }

  test('run.json', async () => {
    const files = new EarlierFiles();
    await untouched(files, [...run, 'run.json'], async () => {
      const error = { code: 'incompatible', ...told('run.json (format 3; this one reads up to 2)') };
      await expect(readRunRecord(files.run('tale-lstm'))).rejects.toMatchObject(error);
      const resumed = session({ resume: files.run('tale-lstm'), text: files.text });
      await expect(resumed).rejects.toMatchObject(error);
    });
  });

  test('a checkpoint', async () => {
    const files = new EarlierFiles();
    const [path = ''] = files.checkpoints;
    writeNewer(path, await readCheckpoint(path));
    await untouched(files, [path.slice(files.folder.length)], async () => {
      const error = { code: 'incompatible', ...told('it (format 3; this one reads up to 2)') };
      await expect(readCheckpoint(path)).rejects.toMatchObject(error);
      await expect(readCheckpointHeader(path)).rejects.toMatchObject(error);
    });
  });

  test('a save of a run, which then does not resume from an earlier one', async () => {
    const files = new EarlierFiles();
    const { record, resumePoint } = runPaths(files.run('tale-lstm'));
    const last = files.checkpoints.find((path) => path.includes('lstm_epoch0.35')) ?? '';
    writeNewer(resumePoint, await readCheckpoint(last));
    const before = [readFileSync(record), readFileSync(resumePoint)];
    await expect(
      session({ resume: files.run('tale-lstm'), text: files.text, settings: { maxIterations: 18 } }),
    ).rejects.toMatchObject({ code: 'incompatible', ...told('it (format 3') });
    expect([readFileSync(record), readFileSync(resumePoint)]).toEqual(before);
  });

  test('queue.json', async () => {
    const files = new EarlierFiles();
    await untouched(files, queuePath, async () => {
      const queue = await openQueue(files);
      expect(queue.waiting).toEqual([]);
      await expect(queue.add([{ id: 'tale', resume: null }])).rejects.toMatchObject({
        code: 'incompatible',
        ...told('queue.json'),
      });
      await queue.close();
    });
  });

  test('settings of both hosts, of which the readable part is used', async () => {
    const files = new EarlierFiles();
    await untouched(files, ['home', 'settings.json'], async () => {
      const { settings } = files;
      expect([settings.get().theme, settings.get().presets.length]).toEqual(['dark', 2]);
      await expect(settings.change({ theme: 'light' })).rejects.toMatchObject(told(parse(files.folder).root));
      expect(settings.get().theme).toBe('dark');
    });
    files.edit(['workbench.json'], (state) => ({ ...state, settings: newer([])(state['settings'] as Json) }));
    const before = readFileSync(join(files.folder, 'workbench.json'), 'utf8');
    await expect(files.desktopSettings.change({ theme: 'light' })).rejects.toMatchObject(
      told(parse(files.folder).root),
    );
    expect(readFileSync(join(files.folder, 'workbench.json'), 'utf8')).toBe(before);
  });

  test('notes and the list of texts', async () => {
    const files = new EarlierFiles();
    await untouched(files, [...run, 'notes.json'], async () => {
      expect((await readNotes(files.run('tale-lstm'))).name).toBeNull();
      const change = new NotesStore().change(files.run('tale-lstm'), (notes) => ({ ...notes, note: 'x' }));
      await expect(change).rejects.toMatchObject({ code: 'incompatible', ...told(parse(files.folder).root) });
    });
    const [entry] = (await TextList.open(files.home)).entries;
    if (entry === undefined) throw new Error('there is a text');
    await untouched(files, ['home', 'texts.json'], async () => {
      const put = (await TextList.open(files.home)).put(entry);
      await expect(put).rejects.toMatchObject({ code: 'incompatible', ...told(parse(files.folder).root) });
    });
  });

  test('all of them, in messages on the pages of a workbench, which opens', async () => {
    const files = new EarlierFiles();
    for (const path of [[...run, 'run.json'], queuePath, ['home', 'texts.json']])
      files.edit(path, newer(path));
    const page = await openWorkbench({ home: files.home, runs: files.runs });
    const watch = page.open('workbench.watch', null);
    const notice = (part: string) =>
      watch.item((item) => item.kind === 'notice' && item.message.includes(part));
    for (const part of ['wrote queue.json', 'texts.json']) {
      expect(await notice(part)).toMatchObject({
        message: expect.stringContaining('Update Charloom.') as string,
      });
    }
    const runs = await page.request('runs.list', null);
    expect(runs.find(({ id }) => id === 'tale-lstm')).toMatchObject({
      state: 'damaged',
      reason: expect.stringContaining('a newer Charloom wrote run.json') as string,
    });
    await page.workbench.dispose();
    for (const path of [[...run, 'run.json'], queuePath, ['home', 'texts.json']]) {
      expect(files.json(...path)).toHaveProperty('formatVersion', newerVersion(path));
    }
  });
});

/** A checkpoint as a newer program might write it: the container is the same, the description has another format. */
function writeNewer(path: string, { metadata, tensors }: Checkpoint): void {
  const charloom = JSON.stringify({ ...metadata, formatVersion: 3 });
  const header = encodeHeader(tensors, { format: 'charloom', checksum: 'sha256:', charloom });
  const data = [...tensors.values()].map(({ data: { buffer, byteOffset, byteLength } }) =>
    Buffer.from(buffer, byteOffset, byteLength),
  );
  writeFileSync(path, Buffer.concat([header, ...data]));
}
