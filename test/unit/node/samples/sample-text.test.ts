import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cleanText } from '../../../../src/node/samples/clean-text.ts';
import { listSamples, sampleText } from '../../../../src/node/samples/sample-text.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'charloom-samples-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('sample texts', () => {
  test.each(listSamples())('$title is a clean plain text', async ({ name, author }) => {
    const path = await sampleText(name, folder);
    const text = await readFile(path, 'utf8');
    expect(text.length).toBeGreaterThan(140_000);
    expect(text).not.toMatch(/\r|\t|\n\n\n\n|[ ]\n|\uFFFD|Gutenberg/);
    expect(text).toMatch(/^\S[^]*\n$/);
    expect(author).not.toBe('');
  });

  test('Moby Dick begins and ends as it should, a paragraph to a line', async () => {
    const text = await readFile(await sampleText('moby-dick', folder), 'utf8');
    expect(text).toContain('\n\nCHAPTER 1\n\nLoomings.\n');
    expect(text).toMatch(/\nCall me Ishmael\. Some years ago--never mind how long precisely[^\n]{500}/);
    expect(text.trimEnd()).toMatch(/only found another orphan\.$/);
  });

  test('a good file is kept, a damaged one is written again, nothing else is left behind', async () => {
    const path = await sampleText('alice', folder);
    const { mtimeMs } = await stat(path);
    await sampleText('alice', folder);
    expect((await stat(path)).mtimeMs).toBe(mtimeMs);
    const good = await readFile(path, 'utf8');
    await writeFile(path, good.slice(0, 1000));
    await Promise.all([sampleText('alice', folder), sampleText('alice', folder)]);
    expect(await readFile(path, 'utf8')).toBe(good);
    expect((await readdir(folder)).filter((name) => !name.endsWith('.txt'))).toEqual([]);
  });

  test('an unknown name lists the known ones', async () => {
    await expect(sampleText('war-and-peace', folder)).rejects.toMatchObject({
      code: 'not-found',
      fix: expect.stringContaining('moby-dick') as string,
    });
  });
});

describe('cleaning an e-text', () => {
  const column = 'It was the best of times, it was the worst of times, said nobody';

  test('joins what only the column broke', () => {
    expect(cleanText(`[A Book by A. Writer 1900]\r\n\r\n${column}\r\nthere.\r\n`, 'prose')).toBe(
      `${column} there.\n`,
    );
  });

  test('keeps verses, short lines and letters', () => {
    const verse = `${column}\n  How doth the little crocodile\n  Improve his shining tail`;
    const tomb = 'SACRED\nTO THE MEMORY\nOF JOHN TALBOT';
    expect(cleanText(`${verse}\n\n\n\n\n${tomb}\n`, 'prose')).toBe(`${verse}\n\n\n${tomb}\n`);
  });

  test('in poems joins only the continuation of a long line', () => {
    expect(cleanText('The sickness or loss\n    of money,\nThese come\n\n     4\nTrippers', 'verse')).toBe(
      'The sickness or loss of money,\nThese come\n\n     4\nTrippers\n',
    );
  });

  test('removes the marks of italics', () => {
    expect(cleanText('Between _them_ it was', 'prose')).toBe('Between them it was\n');
  });
});
