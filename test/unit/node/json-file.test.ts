import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { JsonFile } from '../../../src/node/files/json-file.ts';
import { temporaryFolder } from '../../support/texts.ts';

const schema = z.array(z.string());
const open = (path: string): Promise<JsonFile<string[]>> => JsonFile.open(path, schema, [], 'keep the list');

describe('a small file of ours', () => {
  test('holds what was written last, also when much is written at once', async () => {
    const path = join(temporaryFolder('json'), 'list.json');
    const file = await open(path);
    await Promise.all([file.set(['a']), file.set(['a', 'b']), file.set(['a', 'b', 'c'])]);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(['a', 'b', 'c']);
    expect((await open(path)).value).toEqual(['a', 'b', 'c']);
  });

  test('what cannot be written does not hold, and the next that can does', async () => {
    const path = join(temporaryFolder('json'), 'folder', 'list.json');
    mkdirSync(dirname(path));
    const file = await open(path);
    await file.set(['kept']);
    rmSync(dirname(path), { recursive: true });
    writeFileSync(dirname(path), 'a file where the folder was');
    await expect(file.set(['lost'])).rejects.toMatchObject({ code: 'storage' });
    expect(file.value).toEqual(['kept']);
    const both = await Promise.allSettled([file.set(['lost']), file.set(['lost', 'too'])]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(file.value).toEqual(['kept']);
    rmSync(dirname(path));
    mkdirSync(dirname(path));
    await file.set([...file.value, 'more']);
    expect((await open(path)).value).toEqual(['kept', 'more']);
  });
});
