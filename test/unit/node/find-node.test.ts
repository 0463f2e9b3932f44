import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findNode } from '../../../src/node/tensorflow/installation/find-node.ts';

const { signal } = new AbortController();
/** As the desktop application asks: its own program is no Node.js. */
const find = (): Promise<string> => findNode(signal, null, ['node']);

describe.skipIf(process.platform === 'win32')('Node.js for the desktop application', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'charloom-path-'));
    vi.stubEnv('PATH', folder);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is taken from the PATH', async () => {
    symlinkSync(process.execPath, join(folder, 'node'));
    await expect(find()).resolves.toBe('node');
  });

  it('is requested where there is none', async () => {
    await expect(find()).rejects.toMatchObject({
      code: 'backend-unavailable',
      message: expect.stringMatching(/needs Node\.js 20 or newer, and none was found\.$/) as unknown,
      fix: expect.stringMatching(/^Install Node\.js 20 or newer/) as unknown,
    });
  });

  it('is requested where it is too old', async () => {
    writeFileSync(join(folder, 'node'), '#!/bin/sh\necho v18.20.4\n', { mode: 0o755 });
    await expect(find()).rejects.toThrow(/and the one here is 18\.20\.4\.$/);
  });

  it('is the running program on the command line', async () => {
    await expect(findNode(signal)).resolves.toBe(process.execPath);
  });

  it('is no longer searched once that was cancelled', async () => {
    const cancel = AbortSignal.abort();
    await expect(findNode(cancel, null, ['node'])).rejects.toMatchObject({ code: 'cancelled' });
  });
});
