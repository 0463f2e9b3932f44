import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readSourceRecord } from '../../src/node/documents/source-record.ts';
import { fixturePath } from '../support/documents.ts';
import { hostileDocuments } from '../support/hostile-documents.ts';
import { root, startNode } from '../support/processes.ts';
import { uploaded } from '../support/texts.ts';
import type { WorkbenchPage } from '../support/workbench.ts';
import { RunsOfWorkbench, story } from '../support/workbench-runs.ts';

let runs: RunsOfWorkbench;
let page: WorkbenchPage;
beforeAll(async () => {
  runs = await RunsOfWorkbench.open();
  page = runs.page;
});
afterEach(() => expect(page.defects).toEqual([]));
afterAll(() => page.workbench.dispose());

describe('texts', () => {
  test('an upload becomes a text of its name, inside the data folder whatever it is called', async () => {
    const text = await page.workbench.receiveText(
      '../../..\\evil:novel.txt',
      uploaded('once ', 'upon a time'),
    );
    expect(text.path.startsWith(`${runs.folders.home}${sep}`)).toBe(true);
    expect(readFileSync(text.path, 'utf8')).toBe('once upon a time');
    expect(text).toMatchObject({ bytes: 16, source: 'upload' });
    expect(text.title).toContain('novel.txt');
    expect((await page.request('texts.list', null))[0]?.id).toBe(text.id);
    await page.request('texts.forget', { text: text.id });
    expect((await page.request('texts.list', null)).map(({ id }) => id)).not.toContain(text.id);
  });

  test('an empty file is refused, and nothing of it stays', async () => {
    const kept = readdirSync(join(runs.folders.home, 'texts'));
    const before = await page.request('texts.list', null);
    await expect(page.workbench.receiveText('blank.txt', uploaded())).rejects.toMatchObject({
      code: 'bad-text',
      message: '“blank.txt” is empty: there is nothing to learn from it.',
    });
    expect(await page.request('texts.list', null)).toEqual(before);
    expect(readdirSync(join(runs.folders.home, 'texts'))).toEqual(kept);
  });

  test('a text removed from the list returns to its place, whatever was added meanwhile', async () => {
    const ids = async (): Promise<string[]> => (await page.request('texts.list', null)).map(({ id }) => id);
    const importNamed = async (name: string): Promise<string> =>
      (await page.workbench.receiveText(name, uploaded(`this is ${name}`))).id;
    const [first, second, third] = [
      await importNamed('1.txt'),
      await importNamed('2.txt'),
      await importNamed('3.txt'),
    ];
    const before = await ids();
    expect(before.slice(0, 3)).toEqual([third, second, first]);
    for (const id of [second, first, third, before[3] ?? '']) {
      await page.request('texts.forget', { text: id });
      expect(await ids()).toEqual(before.filter((other) => other !== id));
      expect(await page.request('texts.restore', { text: id })).toMatchObject({ id });
      expect(await ids()).toEqual(before);
    }
    await page.request('texts.forget', { text: second });
    const fourth = await importNamed('4.txt');
    await page.request('texts.restore', { text: second });
    expect(await ids()).toEqual([fourth, ...before]);
    // Twice is once; and what was never there, or never left, stays as it is.
    await page.request('texts.restore', { text: second });
    expect(await ids()).toEqual([fourth, ...before]);
    await expect(page.request('texts.forget', { text: 'text-none' })).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(page.request('texts.forget', { text: before.at(-1) ?? '' })).rejects.toMatchObject({
      code: 'not-found',
    });
    for (const id of [first, second, third, fourth]) await page.request('texts.forget', { text: id });
  });

  test('the same content imported again leads to the text that is there, and says so', async () => {
    const watch = page.open('workbench.watch', null);
    await watch.item((item) => item.kind === 'runs');
    const notices = (): string[] =>
      watch.items.flatMap((item) => (item.kind === 'notice' ? [`${item.level}: ${item.message}`] : []));
    const long = `${'a long text, '.repeat(200_000)}end`;
    const first = await page.workbench.receiveText('first.txt', uploaded(long));
    // As long, and different in its last letter alone.
    const other = await page.workbench.receiveText('other.txt', uploaded(`${long.slice(0, -1)}t`));
    expect(other.id).not.toBe(first.id);
    expect(notices()).toEqual([]);
    const files = readdirSync(join(runs.folders.home, 'texts')).length;
    const again = await Promise.all([
      page.workbench.receiveText('second.txt', uploaded(long)),
      page.workbench.receiveText('first.txt', uploaded(long)),
    ]);
    expect(again.map(({ id, title }) => [id, title])).toEqual([
      [first.id, 'first.txt'],
      [first.id, 'first.txt'],
    ]);
    expect(readdirSync(join(runs.folders.home, 'texts'))).toHaveLength(files);
    expect((await page.request('texts.list', null)).slice(0, 2).map(({ id }) => id)).toEqual([
      first.id,
      other.id,
    ]);
    const elsewhere = join(runs.folders.home, 'copied.txt');
    writeFileSync(elsewhere, long);
    expect((await page.workbench.addTextFile(elsewhere)).id).toBe(first.id);
    await expect
      .poll(() => notices().toSorted())
      .toEqual([
        'good: “copied.txt” is the same text as “first.txt”, which is already in your texts.',
        'good: “first.txt” is already in your texts.',
        'good: “second.txt” is the same text as “first.txt”, which is already in your texts.',
      ]);
    watch.stream.close();
  });

  test('a changed file is imported as it is now; a copy of a bundled book is that book', async () => {
    const path = join(runs.folders.home, 'changing.txt');
    writeFileSync(path, 'before');
    const { id } = await page.workbench.addTextFile(path);
    writeFileSync(path, 'afterwards');
    expect(await page.workbench.addTextFile(path)).toMatchObject({ id, bytes: 10 });
    const book = (await page.request('texts.list', null)).find(({ source }) => source === 'sample');
    const copy = join(runs.folders.home, 'my book.txt');
    writeFileSync(copy, readFileSync(book?.path ?? ''));
    expect(await page.workbench.addTextFile(copy)).toMatchObject({ id: book?.id, source: 'sample' });
    await expect(page.request('texts.forget', { text: book?.id ?? '' })).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  test('an upload that breaks off leaves nothing', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield* uploaded('half a text');
      throw new Error('connection lost');
    }
    const before = await page.request('texts.list', null);
    await expect(page.workbench.receiveText('broken.txt', broken())).rejects.toThrow('connection lost');
    expect(await page.request('texts.list', null)).toEqual(before);
    const left = readdirSync(join(runs.folders.home, 'texts'), { recursive: true }).map(String);
    expect(left.filter((name) => name.includes('receiving') || name.includes('broken'))).toEqual([]);
  });

  test('a bundled book is a text like another', async () => {
    const books = (await page.request('texts.list', null)).filter(({ source }) => source === 'sample');
    expect(books.length).toBeGreaterThan(2);
    for (const book of books) expect(existsSync(book.path)).toBe(true);
    await expect(page.workbench.addTextFile(dirname(books[0]?.path ?? ''))).rejects.toMatchObject({
      code: 'bad-text',
    });
  });
});

describe('the text of a run that the command line began', () => {
  const path = (): string => join(runs.folders.home, 'unknown.txt');
  let outside: string;
  beforeAll(async () => {
    writeFileSync(path(), `${story}The end.\n`);
    const words = ['out/main/cli.js', 'train', path(), '--out', runs.folders.runs, '--name', 'outside'];
    const settings = ['--rnn-size', '8', '--num-layers', '1', '--batch-size', '8', '--seq-length', '25'];
    const more = ['--max-iterations', '5', '--threads', '1', '--val-frac', '0.05'];
    const { code, stderr } = await startNode([...words, ...settings, ...more], { cwd: root }).finished;
    expect([code, stderr]).toMatchObject([0, expect.anything()]);
    outside = await runs.started('outside');
  });

  test('can be imported from its file, and is named from then on', async () => {
    expect((await page.request('runs.get', { run: outside })).text).toBeNull();
    const text = await page.request('runs.importText', { run: outside });
    expect(text).toMatchObject({ path: path(), title: 'unknown.txt', source: 'file' });
    expect((await page.request('runs.get', { run: outside })).text).toBe(text.id);
    await page.request('texts.forget', { text: text.id });
  });

  test('is found among the texts by its content when it has moved, and reported when it is missing', async () => {
    const importAgain = () => page.request('runs.importText', { run: outside });
    const content = readFileSync(path());
    // As long as it was, and another.
    writeFileSync(path(), content.toString().replace('The end.', 'The END.'));
    await expect(importAgain()).rejects.toMatchObject({
      code: 'text-changed',
      message: `The file at ${path()} has changed since this run was trained on it.`,
    });
    rmSync(path());
    await expect(importAgain()).rejects.toMatchObject({
      code: 'not-found',
      message: `The text of this run is no longer at ${path()}.`,
    });
    const moved = await page.workbench.receiveText('moved.txt', uploaded(content));
    expect(await importAgain()).toMatchObject({ id: moved.id, title: 'moved.txt' });
  });
});

describe('documents', () => {
  test('a document becomes a text of its name, with what it was made of beside it', async () => {
    const watch = page.open('workbench.watch', null);
    await watch.item((item) => item.kind === 'runs');
    const path = fixturePath('texts/pan-notes.docx');
    const text = await page.workbench.addTextFile(path);
    expect(text).toMatchObject({ title: 'pan-notes.docx', source: 'upload' });
    expect(text.path.startsWith(join(runs.folders.home, 'texts'))).toBe(true);
    expect(readFileSync(text.path, 'utf8')).toContain('The text of the first note');
    expect(await readSourceRecord(dirname(text.path))).toMatchObject({
      inputs: [
        { name: 'pan-notes.docx', kind: 'docx', problems: ['2 notes were put at the end of the text.'] },
      ],
    });
    const notice = await watch.item(
      (item) => item.kind === 'notice' && item.message.includes('pan-notes.docx'),
    );
    expect(notice).toMatchObject({
      message: '“pan-notes.docx” was read as a Word document. 2 notes were put at the end of the text.',
    });
    const inspected = page.open('texts.inspect', {
      text: text.id,
      reading: { encoding: null, symbols: 'characters', lineEnds: 'keep' },
      cut: { batchSize: 2, sequenceLength: 10, trainFraction: 0.9, validationFraction: 0.1 },
    });
    const report = await inspected.item((item) => item.kind === 'report');
    expect(report).toMatchObject({ report: { lines: 13 } });
    inspected.stream.close();
    // Imported again, it is the existing text.
    expect((await page.workbench.addTextFile(path)).id).toBe(text.id);
    await page.request('texts.forget', { text: text.id });
    watch.stream.close();
  });

  test('an upload is kept once, as the original of its text', async () => {
    const texts = join(runs.folders.home, 'texts');
    const before = readdirSync(texts);
    const text = await page.workbench.receiveText(
      'table.dat',
      uploaded('id,text\n1,the first\n2,the second\n'),
    );
    expect(readFileSync(text.path, 'utf8')).toBe('the first\n\nthe second\n');
    const added = readdirSync(texts).filter((name) => !before.includes(name));
    expect(added).toEqual([basename(dirname(text.path))]);
    expect(readdirSync(join(texts, added[0] ?? '', 'originals'))).toEqual(['1-table.dat']);
    await page.request('texts.forget', { text: text.id });
  });

  test('an unreadable file gets a fix, and leaves nothing behind', async () => {
    const texts = join(runs.folders.home, 'texts');
    const before = readdirSync(texts);
    const broken = readFileSync(fixturePath('hostile/trunc.docx'));
    await expect(page.workbench.receiveText('broken.docx', uploaded(broken))).rejects.toMatchObject({
      code: 'bad-text',
      message: expect.stringContaining('broken.docx is damaged') as string,
      fix: expect.stringContaining('Import another copy') as string,
    });
    await expect(page.workbench.addTextFile(fixturePath('hostile/enc-user.pdf'))).rejects.toMatchObject({
      message: 'enc-user.pdf is encrypted.',
    });
    expect(readdirSync(texts)).toEqual(before);
  });

  test('a long document shows progress, and can be cancelled', async () => {
    const texts = join(runs.folders.home, 'texts');
    const before = readdirSync(texts);
    const readings = page.open('texts.readings', null);
    await readings.item((item) => item.readings.length === 0);
    const endless = hostileDocuments['endless.pdf']?.make() ?? new Uint8Array(0);
    const importing = page.workbench.receiveText('endless.pdf', uploaded(endless));
    const refused = expect(importing).rejects.toMatchObject({ code: 'cancelled' });
    const { readings: shown } = await readings.item((item) => item.readings.length > 0);
    expect(shown).toMatchObject([{ name: 'endless.pdf', fraction: 0 }]);
    readings.stream.send({ kind: 'cancel', reading: shown[0]?.id ?? 0 });
    await refused;
    await readings.item((item) => item.readings.length === 0, 1);
    expect(readdirSync(texts)).toEqual(before);
    readings.stream.close();
  });
});
