import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inspectResult, textResult, type TextResult } from '../../src/cli/json-output.ts';
import { readSourceRecord } from '../../src/node/documents/source-record.ts';
import { fixturePath, fixtureText } from '../support/documents.ts';
import { charloom, type Finished } from '../support/processes.ts';
import { quickModel, temporaryFolder } from '../support/texts.ts';

const folder = temporaryFolder('documents');
const home = join(folder, 'home');
const env = { CHARLOOM_HOME: home };
const docx = fixturePath('texts/pan-alice.docx');
const png = Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1');

function run(...words: readonly string[]): Promise<Finished> {
  return charloom(words, { env });
}

let texts = 0;

async function text(...words: readonly string[]): Promise<TextResult & { readonly content: string }> {
  texts += 1;
  const output = join(folder, `corpus-${texts}.txt`);
  const { code, stdout, stderr } = await run('text', ...words, '--output', output, '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const result = textResult.parse(JSON.parse(stdout));
  const content = readFileSync(output);
  expect(result.sha256).toBe(createHash('sha256').update(content).digest('hex'));
  return { ...result, content: content.toString('utf8') };
}

/** A separate folder with these files. */
function folderOf(name: string, files: Readonly<Record<string, string | Uint8Array>>): string {
  const path = join(folder, name);
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(join(path, file, '..'), { recursive: true });
    writeFileSync(join(path, file), content);
  }
  return path;
}

describe('charloom text', () => {
  test('makes one text of a folder, in natural order, without unreadable files', async () => {
    const letters = folderOf('letters', {
      '10.txt': 'ten\r\n',
      '9.html': '<!doctype html><p>nine',
      'more/a.rtf': '{\\rtf1 eleven\\par}',
      'photo.png': png,
      '.hidden': 'x',
      'broken.docx': readFileSync(fixturePath('hostile/trunc.docx')),
    });
    const result = await text(letters);
    expect(result.content).toBe('nine\n\nten\r\n\neleven\n');
    expect(result.inputs.map(({ name, kind, characters }) => [name, kind, characters])).toEqual([
      ['9.html', 'html', 5],
      ['10.txt', 'text', 5],
      ['more/a.rtf', 'rtf', 7],
      ['broken.docx', null, 0],
      ['photo.png', null, 0],
    ]);
    expect(result.inputs.slice(3).map(({ problems }) => problems.join())).toEqual([
      expect.stringContaining('broken.docx is damaged'),
      expect.stringContaining('photo.png is a PNG picture'),
    ]);
    expect(result.characters).toBe(19);
    expect((await text(letters, '--separator', '* * *')).content).toBe(
      'nine\n\n* * *\n\nten\r\n\n* * *\n\neleven\n',
    );
    expect((await text(letters, '--clean', 'line-ends')).content).toBe('nine\n\nten\n\neleven\n');
  });

  test('cleans documents with the usual steps, with requested ones, or not at all with --no-clean', async () => {
    const page = folderOf('page', { 'a.html': '<!doctype html><p>cafe\u0301 \u00adsoft &ldquo;x&rdquo;' });
    expect((await text(page)).content).toBe('café soft “x”\n');
    expect((await text(page, '--no-clean')).content).toBe('cafe\u0301 \u00adsoft “x”\n');
    const plain = await text(page, '--clean', 'punctuation,invisible');
    expect(plain.content).toBe('cafe\u0301 soft "x"\n');
    expect(plain.steps).toEqual([
      { step: 'invisible', count: 1 },
      { step: 'punctuation', count: 2 },
    ]);
    const lines = await text(fixturePath('texts/tex-alice-two-columns.pdf'), '--no-clean');
    expect(lines.content).toMatch(/\p{Ll}-\n\p{Ll}/u);
    expect(await run('text', page, '--clean', 'spelling', '--output', '/nowhere')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Steps: line-ends, mojibake') as string,
    });
  });

  test('takes a column, a field, a speaker', async () => {
    expect((await text(fixturePath('tables/quotes.csv'), '--column', 'body')).content).toBe(
      fixtureText('tables/quotes.body.expected.txt'),
    );
    expect((await text(fixturePath('tables/poems.jsonl'), '--field', 'poem.text')).content).toBe(
      fixtureText('tables/poems.poem.text.expected.txt'),
    );
    expect((await text(fixturePath('chats/_chat.txt'), '--speaker', 'Ben K.')).content).toBe(
      'Dir auch: alles Gute\n',
    );
    expect((await text(fixturePath('chats/discord.json'), '--no-names')).content).toBe(
      'Hi there\nHello <@1> :)\n',
    );
    const { code, stderr } = await run(
      'text',
      fixturePath('tables/quotes.csv'),
      '--output',
      join(folder, 'none.txt'),
    );
    expect(code).toBe(2);
    expect(stderr).toContain('several columns');
    expect(stderr).toContain('--column');
    expect((await text(fixturePath('tables/quotes.csv'), '--plain')).content).toBe(
      fixtureText('tables/quotes.csv'),
    );
  });

  test('writes records in an order of the seed', async () => {
    const lines = Array.from({ length: 40 }, (_, line) => `ligne ${line} d’été`);
    const poems = folderOf('lines', { 'poems.txt': `${lines.join('\n')}\n` });
    const [first, again, other] = [
      await text(poems, '--records', 'line', '--seed', '1'),
      await text(poems, '--records', 'line', '--seed', '1'),
      await text(poems, '--records', 'line', '--seed', '2'),
    ];
    expect(again.content).toBe(first.content);
    for (const { content } of [first, other]) {
      expect(content.trimEnd().split('\n')).not.toEqual(lines);
      expect(content.trimEnd().split('\n').toSorted()).toEqual(lines.toSorted());
    }
    expect(other.content).not.toBe(first.content);
    const none = await run('text', poems, '--output', join(folder, 'none.txt'), '--records', '***');
    expect(none.code).toBe(2);
    expect(none.stderr).toContain('The text does not contain the record separator “***”.');
    // Nothing half-done stays behind, which the next try would be refused for.
    expect(existsSync(join(folder, 'none.txt'))).toBe(false);
  });

  test('opens an encrypted document with its password, and asks for it otherwise', async () => {
    const locked = fixturePath('hostile/enc-user.pdf');
    expect((await text(locked, '--password', 'secret')).characters).toBeGreaterThan(24_000);
    const { code, stderr } = await run('text', locked, '--output', join(folder, 'none.txt'));
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is encrypted') as string,
    });
  });

  test('never replaces a file, least of all one that it reads, by whatever name', async () => {
    const own = folderOf('own', {
      'mine.docx': readFileSync(docx),
      'note.txt': 'A note.\n',
      'old.txt': 'Old.\n',
    });
    const [mine, note, old] = ['mine.docx', 'note.txt', 'old.txt'].map((name) => join(own, name)) as [
      string,
      string,
      string,
    ];
    symlinkSync(note, join(folder, 'link.txt'));
    linkSync(note, join(folder, 'hard.txt'));
    symlinkSync(join(folder, 'missing.txt'), join(folder, 'dangling.txt'));
    const isInput = 'is one of the files to read: it is never replaced.';
    const isThere = 'There is already a file or folder named';
    for (const [inputs, output, sentence] of [
      [[mine], mine, `mine.docx ${isInput}`],
      [[mine, note], note, `note.txt ${isInput}`],
      [[own], note, `note.txt ${isInput}`],
      [[note], join(folder, 'link.txt'), `link.txt ${isInput}`],
      [[join(folder, 'link.txt')], note, `note.txt ${isInput}`],
      [[note], join(folder, 'hard.txt'), `hard.txt ${isInput}`],
      [[mine], old, `${isThere} old.txt.`],
      [[mine], own, `${isThere} own.`],
      [[mine], join(folder, 'dangling.txt'), `${isThere} dangling.txt.`],
    ] as const) {
      const { code, stderr } = await run('text', ...inputs, '--output', output);
      expect({ code, stderr }).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(sentence) as string,
      });
    }
    expect(readFileSync(mine)).toEqual(readFileSync(docx));
    expect(readFileSync(note, 'utf8')).toBe('A note.\n');
    expect(readFileSync(old, 'utf8')).toBe('Old.\n');
    expect(existsSync(join(folder, 'missing.txt'))).toBe(false);
  });

  test('names a missing file', async () => {
    const { code, stderr } = await run('text', 'my', 'novel.txt', '--output', join(folder, 'none.txt'));
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'charloom: There is no file my.\n  Put a name with spaces in quotes.\n',
    });
  });
});

describe('charloom inspect', () => {
  test('inspects a book, and leaves nothing behind', async () => {
    const { code, stdout } = await run('inspect', fixturePath('texts/pan-alice.epub'), '--json');
    expect(code).toBe(0);
    const result = inspectResult.parse(JSON.parse(stdout));
    expect(result).toMatchObject({ file: 'pan-alice.epub', encoding: 'utf-8' });
    expect(result.characters).toBeGreaterThan(24_000);
    expect(existsSync(home)).toBe(false);
  });

  test('reads a table as plain text on request', async () => {
    const { stdout } = await run('inspect', fixturePath('tables/quotes.csv'), '--plain', '--json');
    expect(inspectResult.parse(JSON.parse(stdout)).characters).toBe(fixtureText('tables/quotes.csv').length);
  });
});

describe('charloom train', () => {
  const words = [...quickModel, '--max-iterations', '4', '--backend', 'wasm'];

  test('trains on a document, keeps its source, and resumes with it', async () => {
    const first = await run('train', docx, ...words);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    const record = JSON.parse(readFileSync(join(home, 'runs', 'pan-alice', 'run.json'), 'utf8')) as {
      readonly text: { readonly path: string };
    };
    const { path } = record.text;
    const kept = join(path, '..');
    expect(kept.startsWith(join(home, 'texts'))).toBe(true);
    expect(readdirSync(kept).toSorted()).toEqual(['originals', 'pan-alice.txt', 'source.json']);
    expect(readFileSync(join(kept, 'originals', '1-pan-alice.docx'))).toEqual(readFileSync(docx));
    const source = await readSourceRecord(kept);
    expect(source).toMatchObject({
      inputs: [{ name: 'pan-alice.docx', kind: 'docx', original: 'originals/1-pan-alice.docx' }],
      result: {
        file: 'pan-alice.txt',
        sha256: createHash('sha256').update(readFileSync(path)).digest('hex'),
      },
    });
    const resumed = await run('train', '--resume', 'pan-alice', '--max-iterations', '8', '--backend', 'wasm');
    expect(resumed).toMatchObject({ code: 0 });
    // The same document is the same text.
    await run('train', docx, ...words);
    expect(readdirSync(join(home, 'texts'))).toHaveLength(1);
  });

  test('trains on several files as one text, and on a plain text unchanged', async () => {
    const novel = join(folder, 'novel.txt');
    copyFileSync(fixturePath('texts/alice.txt'), novel);
    const before = readdirSync(join(home, 'texts')).length;
    expect(await run('train', novel, ...words, '--name', 'plain')).toMatchObject({ code: 0, stderr: '' });
    expect(readdirSync(join(home, 'texts'))).toHaveLength(before);
    const { code } = await run('train', novel, docx, ...words, '--name', 'both');
    expect(code).toBe(0);
    const record = JSON.parse(readFileSync(join(home, 'runs', 'both', 'run.json'), 'utf8')) as {
      readonly text: { readonly path: string; readonly fingerprint: { readonly characters: number } };
    };
    expect(record.text.path).toMatch(/novel\.txt$/);
    expect(record.text.fingerprint.characters).toBeGreaterThan(48_000);
  });

  test('takes one file at most with --resume', async () => {
    const { code, stderr } = await run('train', 'my', 'novel.txt', '--resume', 'plain');
    expect(code).toBe(2);
    expect(stderr).toContain('in quotes');
  });
});
