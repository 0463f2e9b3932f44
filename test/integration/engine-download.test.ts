import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { downloadWheels } from '../../src/node/tensorflow/installation/download.ts';
import { startPackageIndex, type PackageIndex } from '../support/package-index.ts';

const hasPip = succeeds('python3', ['-m', 'pip', '--version']);
const size = 3_000_000;

/** Real pip, a real index on loopback, connections really cut. */
describe.skipIf(!hasPip)(`downloading a wheel${hasPip ? '' : ' [skipped: no Python with pip here]'}`, () => {
  let index: PackageIndex;
  let folder: string;
  const details: string[] = [];

  beforeEach(async () => {
    index = await startPackageIndex(size);
    folder = mkdtempSync(join(tmpdir(), 'charloom-download-'));
    details.length = 0;
    vi.stubEnv('PIP_INDEX_URL', index.address);
    vi.stubEnv('PIP_CONFIG_FILE', process.platform === 'win32' ? 'nul' : '/dev/null');
    vi.stubEnv('PIP_NO_CACHE_DIR', '1');
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await index.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const download = (
    signal = new AbortController().signal,
    onDetail = (detail: string): unknown => details.push(detail),
  ): Promise<readonly string[]> => {
    const { wheel } = index;
    const release = { version: '1.0', platforms: ['manylinux2014_x86_64'], wheels: [wheel], roomBytes: size };
    return downloadWheels(release, folder, { signal, onProgress: ({ detail }) => void onDetail(detail) });
  };
  const expectWhole = (files: readonly string[]): void => {
    expect(files).toEqual([join(folder, `${index.wheel.sha256}.whl`)]);
    expect(readFileSync(files[0] ?? '').equals(index.bytes)).toBe(true);
    expect(readdirSync(folder)).toEqual([`${index.wheel.sha256}.whl`]);
  };
  /** Where our own requests began; pip's last only until it is stopped. */
  const ourStarts = (): number[] =>
    index.requests.filter(({ agent }) => agent === 'node').map(({ from }) => from);
  const partial = (): string => join(folder, `${index.wheel.sha256}.whl.partial`);

  it('downloads it once, with progress', async () => {
    expectWhole(await download());
    expect(index.requests.at(-1)).toEqual({ agent: 'node', from: 0 });
    expect(details).toContain('charloom-probe, 3 of 3 MB');
    const asked = index.requests.length;
    expectWhole(await download());
    expect(index.requests).toHaveLength(asked);
  });

  it('resumes after a broken connection, within one download', async () => {
    index.manners.cutAfter = 1_000_000;
    expectWhole(await download());
    const starts = ourStarts();
    expect(starts.length).toBeGreaterThan(2);
    expect(starts).toEqual([...new Set(starts)].sort((a, b) => a - b));
  });

  it('keeps the received part when it is cancelled, and resumes from it the next time', async () => {
    const cancel = new AbortController();
    const watched = download(cancel.signal, (detail) => {
      if (detail === 'charloom-probe, 1 of 3 MB') cancel.abort();
    });
    await expect(watched).rejects.toThrow();
    const kept = statSync(partial()).size;
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(size);
    expectWhole(await download());
    expect(ourStarts()).toEqual([0, kept]);
  });

  it('reports a stalled download, and keeps the received part', async () => {
    index.manners.cutAfter = 0;
    writeFileSync(partial(), index.bytes.subarray(0, 2_000_000));
    await expect(download()).rejects.toMatchObject({
      message: 'The connection broke while charloom-probe 1.0 was downloaded.',
      fix: 'Try again: the download continues after the first 2 MB.',
    });
    index.manners.cutAfter = undefined;
    expectWhole(await download());
    expect(index.requests.at(-1)?.from).toBe(2_000_000);
  });

  it('starts again on a server without ranges', async () => {
    index.manners.ranges = false;
    writeFileSync(partial(), index.bytes.subarray(0, 2_000_000));
    expectWhole(await download());
  });

  it('ends on a server without ranges whose connection keeps breaking', async () => {
    index.manners.ranges = false;
    let asked = 0;
    // Every second time further than the time before, and never further than ever.
    index.manners.cutAfter = () => (asked++ % 2 === 0 ? 1_000_000 : 500_000);
    await expect(download()).rejects.toMatchObject({ code: 'backend-unavailable' });
    expect(ourStarts().length).toBeLessThan(10);
  });

  it('refuses a part that it did not request', async () => {
    index.manners.rangesLate = 1000;
    writeFileSync(partial(), index.bytes.subarray(0, 2_000_000));
    expectWhole(await download());
  });

  it('leaves it to pip where no server answers, even if an earlier download kept a part', async () => {
    index.manners.silent = true;
    writeFileSync(partial(), index.bytes.subarray(0, 2_000_000));
    expectWhole(await download());
  });

  it('deletes a file that is not the expected one', async () => {
    writeFileSync(partial(), Buffer.alloc(2_000_000));
    await expect(download()).rejects.toMatchObject({
      message: expect.stringContaining('is not the file that Charloom expects') as unknown,
    });
    expect(readdirSync(folder)).toEqual([]);
    expectWhole(await download());
  });

  it('leaves it to pip where the index refuses other clients', async () => {
    index.manners.courierOnly = true;
    expectWhole(await download());
    expect(ourStarts()).toEqual([0]);
  });

  it('leaves it to pip behind a proxy', async () => {
    const { port } = new URL(index.address);
    vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${port}`);
    expectWhole(await download());
    expect(index.requests.map(({ agent }) => agent)).toEqual(['pip']);
  });
});

function succeeds(program: string, words: readonly string[]): boolean {
  try {
    execFileSync(program, words, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
