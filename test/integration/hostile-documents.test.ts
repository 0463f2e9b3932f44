import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { computeEntry } from '../../src/node/files/built-files.ts';
import { readFileInProcess, readingTimeMs } from '../../src/processes/documents/read-file.ts';
import { nodeFork } from '../../src/processes/node-fork.ts';
import type { ForkProcess } from '../../src/processes/process.ts';
import { defaultReadChoices, type DocumentReport } from '../../src/shared/domain/documents.ts';
import { CharloomError } from '../../src/shared/errors.ts';
import { fixturePath } from '../support/documents.ts';
import { hostileDocuments, odd } from '../support/hostile-documents.ts';
import { temporaryFolder } from '../support/texts.ts';

const folder = temporaryFolder('hostile');
const pids: number[] = [];
const fork: ForkProcess = (options) => {
  const process = nodeFork(computeEntry())(options);
  if (process.pid !== undefined) pids.push(process.pid);
  return process;
};

function read(name: string, path: string, signal?: AbortSignal): Promise<DocumentReport> {
  const output = join(folder, `${name}.txt`);
  return readFileInProcess(fork, { path, name, choices: defaultReadChoices, output }, { signal });
}

function written(name: string, content: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function refusal(work: Promise<unknown>): Promise<CharloomError> {
  const error = await work.then(
    () => new Error('it was read'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(CharloomError);
  return error as CharloomError;
}

/** Whether a process is there. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('a hostile file is refused in time, with a fix', () => {
  test.each(Object.keys(hostileDocuments))('%s', { timeout: readingTimeMs.file + 60_000 }, async (name) => {
    const file = hostileDocuments[name];
    if (file === undefined) throw new Error('no such file');
    const path = written(name, file.make());
    const began = performance.now();
    const { code, message, fix } = await refusal(read(name, path));
    expect(performance.now() - began).toBeLessThan(readingTimeMs.file + 15_000);
    expect(code).toBe('bad-text');
    expect(message.startsWith(name)).toBe(true);
    expect(message).toMatch(file.says);
    expect(fix).toMatch(/import|text recognition/i);
    expect(pids.filter(isAlive)).toEqual([]);
  });

  test.each([
    'kidsloop.pdf',
    'manypages.pdf',
    'trunc.docx',
    'trunc.epub',
    'trunc.odt',
    'trunc.pdf',
    'enc-user.pdf',
  ])('%s', async (name) => {
    const { code, fix } = await refusal(read(name, fixturePath(`hostile/${name}`)));
    expect(code).toBe('bad-text');
    expect(fix).toMatch(/import|text recognition/i);
  });

  test.each(['loop.pdf', 'repeat.epub', 'proto.epub', 'bin.rtf', 'uc.rtf', 'trunc.rtf'])(
    'or read up to its damage: %s',
    async (name) => {
      const result = await read(name, fixturePath(`hostile/${name}`)).catch((error: unknown) => error);
      if (result instanceof CharloomError)
        expect(result.message).toMatch(/takes too|needs too|damaged|refused|no text/);
      else expect((result as DocumentReport).characters).toBeGreaterThan(0);
    },
  );

  test.each(Object.keys(odd))('a harmless look-alike is read: %s', async (name) => {
    const file = odd[name];
    if (file === undefined) throw new Error('no such file');
    const report = await read(name, written(name, file.make()));
    expect(report.characters).toBe(file.characters);
  });
});

test('reading is cancelled immediately, and its process ends', async () => {
  const file = hostileDocuments['endless.pdf'];
  const path = written('cancelled.pdf', file?.make() ?? new Uint8Array(0));
  const controller = new AbortController();
  const reading = refusal(read('cancelled.pdf', path, controller.signal));
  controller.abort();
  expect((await reading).code).toBe('cancelled');
  expect(pids.filter(isAlive)).toEqual([]);
  expect(existsSync(join(folder, 'cancelled.pdf.txt'))).toBe(false);
});

test('an ordinary document is read too', async () => {
  const report = await read('pan-alice.docx', fixturePath('texts/pan-alice.docx'));
  expect(report).toMatchObject({ kind: 'docx', problems: [] });
  expect(readFileSync(join(folder, 'pan-alice.docx.txt'), 'utf8')).toHaveLength(report.characters);
});
