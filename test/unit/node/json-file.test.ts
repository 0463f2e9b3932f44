import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { JsonFile } from '../../../src/node/files/json-file.ts';
import { temporaryFolder } from '../../support/texts.ts';

const schema = z.array(z.string());
const open = (path: string): Promise<JsonFile<string[]>> =>
  JsonFile.open({ path, schema, initial: [], action: 'keep the list' });

describe('a small JSON file', () => {
  test('holds what was written last, even if much is written at the same time', async () => {
    const path = join(temporaryFolder('json'), 'list.json');
    const file = await open(path);
    await Promise.all(['a', 'b', 'c'].map((word) => file.change((list) => [...list, word])));
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(['a', 'b', 'c']);
    expect((await open(path)).value).toEqual(['a', 'b', 'c']);
  });

  test('a failed write does not apply, and the next one does', async () => {
    const path = join(temporaryFolder('json'), 'folder', 'list.json');
    mkdirSync(dirname(path));
    const file = await open(path);
    await file.change(() => ['kept']);
    rmSync(dirname(path), { recursive: true });
    writeFileSync(dirname(path), 'a file where the folder was');
    await expect(file.change(() => ['lost'])).rejects.toMatchObject({ code: 'storage' });
    expect(file.value).toEqual(['kept']);
    const both = await Promise.allSettled([file.change(() => ['lost']), file.change(() => ['lost', 'too'])]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(file.value).toEqual(['kept']);
    rmSync(dirname(path));
    mkdirSync(dirname(path));
    await file.change(() => [...file.value, 'more']);
    expect((await open(path)).value).toEqual(['kept', 'more']);
  });

  test('overwrites no change of another process', async () => {
    const path = join(temporaryFolder('json'), 'list.json');
    const [one, two] = [await open(path), await open(path)];
    const words = Array.from({ length: 30 }, (_, index) => `word ${index}`);
    await Promise.all(
      words.map((word, index) => (index % 2 === 0 ? one : two).change((list) => [...list, word])),
    );
    const kept = JSON.parse(readFileSync(path, 'utf8')) as readonly string[];
    expect(kept.toSorted()).toEqual(words.toSorted());
    expect(await one.refresh()).toEqual(kept);
    expect(await two.refresh()).toEqual(kept);
  });
});
