import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeFolder, makeFolderSync } from '../../../src/node/files/make-folder.ts';
import { temporaryFolder } from '../../support/texts.ts';

const root = temporaryFolder('make-folder');

describe.each([
  ['makeFolder', makeFolder],
  ['makeFolderSync', (path: string) => Promise.resolve().then(() => makeFolderSync(path))],
])('%s', (name, make) => {
  test('creates missing folders, and accepts existing ones', async () => {
    const path = join(root, name, 'a', 'b');
    await make(path);
    await make(path);
    expect(statSync(path).isDirectory()).toBe(true);
  });

  test('reports a file in the way', async () => {
    mkdirSync(join(root, name), { recursive: true });
    const file = join(root, name, 'file');
    writeFileSync(file, '');
    await expect(make(file)).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringMatching(/a file has that name/) as string,
    });
    await expect(make(join(file, 'below'))).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringMatching(/part of the path is a file/) as string,
    });
  });

  // Where the system says of a folder that it will not make that there is none, Node's own mkdir never returns.
  test.runIf(process.platform === 'linux')('fails where no folder can be created', async () => {
    await expect(make('/proc/charloom/runs')).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringMatching(/the folder cannot be created/) as string,
    });
  });
});
