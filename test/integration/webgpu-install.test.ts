import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CardProbe } from '../../src/node/webgpu/card-probe.ts';
import { findWebgpuEngine } from '../../src/node/webgpu/engine.ts';
import {
  installWebgpu,
  type WebgpuInstallation,
  type WebgpuInstallSettings,
} from '../../src/node/webgpu/installation/install.ts';
import { CharloomError } from '../../src/shared/errors.ts';
import { answersVersion } from '../support/answers-version.ts';
import { npmEnvironment, startNpmRegistry, type NpmRegistry } from '../support/npm-registry.ts';
import { root as checkout } from '../support/processes.ts';

const hasTools = answersVersion('npm') && answersVersion('tar');
const note = hasTools ? '' : ' [skipped: no npm or no tar here]';
const size = 3_000_000;

/** Real npm, a real registry on loopback, connections really cut. What is installed is no Dawn, so the card's probe is the test's own. */
describe.skipIf(!hasTools)(`installing WebGPU${note}`, () => {
  let registry: NpmRegistry;
  let folder: string;
  let root: string;
  const details: string[] = [];
  const probed: string[][] = [];
  const report = { label: 'A card', driver: '1.0', difference: 1e-7, openMilliseconds: 5 };
  const probe: CardProbe = (staging) => {
    probed.push(readdirSync(staging).sort());
    return Promise.resolve(report);
  };

  beforeEach(async () => {
    registry = await startNpmRegistry(size);
    folder = mkdtempSync(join(tmpdir(), 'charloom-webgpu-'));
    root = join(folder, 'engines');
    details.length = 0;
    probed.length = 0;
    for (const [name, value] of Object.entries(npmEnvironment(registry.address, join(folder, 'npm')))) {
      vi.stubEnv(name, value);
    }
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await registry.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const install = (
    changes: Partial<WebgpuInstallSettings> = {},
    signal = new AbortController().signal,
    onDetail: (detail: string) => void = () => undefined,
  ): Promise<WebgpuInstallation> =>
    installWebgpu(
      { from: 'registry', probe, root, release: registry.release, ...changes },
      {
        signal,
        onProgress: ({ detail }) => {
          details.push(detail);
          onDetail(detail);
        },
      },
    );
  const ourStarts = (): number[] =>
    registry.requests.filter(({ agent }) => agent === 'node').map(({ from }) => from);
  const downloads = (): string => join(root, '.downloads');
  const partial = (): string => {
    const { project, version } = registry.release;
    return join(downloads(), `${project}-${version}.tgz.partial`);
  };
  const keep = (bytes: Buffer): void => {
    mkdirSync(downloads(), { recursive: true });
    writeFileSync(partial(), bytes);
  };
  /** Everything beneath the folder of engines that is no download. */
  const engines = (): readonly string[] =>
    existsSync(root) ? readdirSync(root).filter((name) => name !== '.downloads') : [];

  it('keeps only the files of this platform and the licence, after a test', async () => {
    const { engine } = await install();
    expect(probed).toEqual([['LICENSE.md', 'dawn.node']]);
    expect(details).toContain('3 of 3 MB');
    expect(engines()).toEqual([`webgpu-1.2.3-${process.platform}-${process.arch}`]);
    expect(readdirSync(engine.folder).sort()).toEqual(['LICENSE.md', 'dawn.node', 'engine.json']);
    expect(engine.manifest).toMatchObject({ name: 'webgpu', version: '1.2.3', way: 'registry' });
    expect(await findWebgpuEngine(root)).toEqual(engine);
    expect(existsSync(downloads())).toBe(false);
    // Installed again, it replaces itself.
    await install();
    expect(engines()).toHaveLength(1);
  });

  it('leaves alone what another engine has downloaded', async () => {
    mkdirSync(downloads(), { recursive: true });
    writeFileSync(join(downloads(), `${'a'.repeat(64)}.whl.partial`), 'begun');
    await install();
    expect(readdirSync(downloads())).toEqual([`${'a'.repeat(64)}.whl.partial`]);
  });

  it('resumes after a broken connection, within one download', async () => {
    registry.manners.cutAfter = 1_000_000;
    await install();
    const starts = ourStarts();
    expect(starts.length).toBeGreaterThan(2);
    expect(starts).toEqual([...new Set(starts)].sort((a, b) => a - b));
  });

  it('keeps the received part when it is cancelled, and resumes from it the next time', async () => {
    const cancel = new AbortController();
    const watched = install({}, cancel.signal, (detail) => {
      if (detail === '1 of 3 MB') cancel.abort();
    });
    await expect(watched).rejects.toMatchObject({
      code: 'cancelled',
      message: expect.stringMatching(/of the download are kept/) as unknown,
    });
    const kept = statSync(partial()).size;
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(registry.tarball.length);
    expect(engines()).toEqual([]);
    await install();
    expect(ourStarts()).toEqual([0, kept]);
  });

  it('survives being killed: nothing is installed, and the next attempt resumes', async () => {
    registry.manners.cutAfter = 2_000_000;
    const script = join(checkout, 'test/support/install-webgpu-process.ts');
    const child = spawn(process.execPath, [script, root, JSON.stringify(registry.release)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise((resolve) => child.once('close', resolve));
    for await (const line of createInterface({ input: child.stdout })) {
      if (line === 'Downloading WebGPU: 1 of 3 MB') child.kill('SIGKILL');
    }
    await ended;
    expect(await findWebgpuEngine(root)).toBeUndefined();
    const kept = statSync(partial()).size;
    expect(kept).toBeGreaterThan(0);
    registry.manners.cutAfter = undefined;
    const before = ourStarts().length;
    await install();
    expect(ourStarts().slice(before)).toEqual([kept]);
    expect(engines()).toHaveLength(1);
  });

  it('reports a stalled download, and keeps the received part', async () => {
    registry.manners.cutAfter = 0;
    keep(registry.tarball.subarray(0, 2_000_000));
    await expect(install()).rejects.toMatchObject({
      message: 'The connection broke while charloom-card-probe 1.2.3 was downloaded.',
      fix: 'Try again: the download continues after the first 2 MB.',
    });
    registry.manners.cutAfter = undefined;
    await install();
    expect(registry.requests.at(-1)?.from).toBe(2_000_000);
  });

  it('deletes a tarball that is not the pinned one', async () => {
    keep(Buffer.alloc(2_000_000));
    await expect(install()).rejects.toMatchObject({
      message: expect.stringContaining('is not the file that Charloom expects') as unknown,
    });
    expect(readdirSync(downloads())).toEqual([]);
    expect(probed).toEqual([]);
    await install();
  });

  it('leaves it to npm where the registry refuses other clients', async () => {
    registry.manners.courierOnly = true;
    await install();
    expect(registry.requests.map(({ agent }) => agent)).toEqual(['node', 'npm']);
  });

  it('leaves it to npm behind a proxy', async () => {
    vi.stubEnv('HTTPS_PROXY', registry.address);
    await install();
    expect(registry.requests.map(({ agent }) => agent)).toEqual(['npm']);
  });

  it('reports that npm reaches no registry', async () => {
    vi.stubEnv('npm_config_registry', 'http://127.0.0.1:9/');
    await expect(install()).rejects.toMatchObject({
      code: 'backend-unavailable',
      message: 'npm finds no charloom-card-probe 1.2.3: no connection.',
    });
  });

  it('reports that the registry lacks the version', async () => {
    const release = { ...registry.release, version: '9.9.9' };
    await expect(install({ release })).rejects.toMatchObject({
      code: 'backend-unavailable',
      message: expect.stringMatching(/^npm finds no charloom-card-probe 9\.9\.9: .*No match/i) as unknown,
    });
  });

  it('reports a missing npm', async () => {
    vi.stubEnv('PATH', folder);
    await expect(install()).rejects.toMatchObject({
      message: 'WebGPU is downloaded with npm, and npm was not found.',
      fix: expect.stringContaining('--from FILE') as unknown,
    });
  });

  it('installs nothing where no card opens, and keeps the download', async () => {
    const refuse: CardProbe = () =>
      Promise.reject(new CharloomError('backend-unavailable', 'There is no card.'));
    await expect(install({ probe: refuse })).rejects.toMatchObject({ message: 'There is no card.' });
    expect(engines()).toEqual([]);
    const asked = registry.requests.length;
    await install();
    expect(registry.requests).toHaveLength(asked);
  });

  it('installs nothing that computes something else', async () => {
    const wrong: CardProbe = () => Promise.resolve({ ...report, difference: 0.1 });
    await expect(install({ probe: wrong })).rejects.toMatchObject({
      message: expect.stringContaining('gives wrong results') as unknown,
    });
    expect(engines()).toEqual([]);
  });

  it('refuses an unsupported machine before anything is downloaded', async () => {
    await expect(install({ release: { ...registry.release, files: {} } })).rejects.toMatchObject({
      message: `There is no WebGPU for ${process.platform} on ${process.arch}.`,
    });
    expect(registry.requests).toEqual([]);
  });

  describe('without network', () => {
    beforeEach(() => {
      vi.stubEnv('npm_config_registry', 'http://127.0.0.1:9/');
      writeFileSync(join(folder, 'webgpu-1.2.3.tgz'), registry.tarball);
    });

    it('takes the tarball, or the folder that contains it', async () => {
      const { engine } = await install({ from: { path: join(folder, 'webgpu-1.2.3.tgz') } });
      expect(engine.manifest.way).toBe('file');
      await install({ from: { path: folder } });
      expect(probed).toHaveLength(2);
    });

    it("takes npm's unpacked folder", async () => {
      execFileSync('tar', ['-xzf', join(folder, 'webgpu-1.2.3.tgz'), '-C', folder]);
      const { engine } = await install({ from: { path: join(folder, 'package') } });
      const [pinned] = registry.release.files[`${process.platform}-${process.arch}`] ?? [];
      expect(readFileSync(join(engine.folder, 'dawn.node'))).toEqual(
        readFileSync(join(folder, 'package', pinned?.path ?? '')),
      );
    });

    it('loads no file of that name with other content', async () => {
      execFileSync('tar', ['-xzf', join(folder, 'webgpu-1.2.3.tgz'), '-C', folder]);
      const [pinned] = registry.release.files[`${process.platform}-${process.arch}`] ?? [];
      writeFileSync(join(folder, 'package', pinned?.path ?? ''), 'something else');
      await expect(install({ from: { path: join(folder, 'package') } })).rejects.toMatchObject({
        message: expect.stringContaining('is not that of charloom-card-probe 1.2.3') as unknown,
      });
      expect(probed).toEqual([]);
      expect(engines()).toEqual([]);
    });

    it.each([
      ['nothing', 'missing.tgz', undefined, / does not exist\.$/],
      ['no tarball', 'odd.tgz', 'no tarball', /is damaged or not an npm package\.$/],
    ])('reports %s', async (_, name, content, message) => {
      const path = join(folder, name);
      if (content !== undefined) writeFileSync(path, content);
      await expect(install({ from: { path } })).rejects.toMatchObject({
        message: expect.stringMatching(message) as unknown,
      });
    });

    it('reports a truncated tarball, and a folder that is no package', async () => {
      const path = join(folder, 'short.tgz');
      writeFileSync(path, registry.tarball.subarray(0, 1_000_000));
      await expect(install({ from: { path } })).rejects.toMatchObject({
        message: `${path} is damaged or not an npm package.`,
      });
      const empty = join(folder, 'empty');
      mkdirSync(empty);
      await expect(install({ from: { path: empty } })).rejects.toMatchObject({ code: 'not-found' });
      expect(engines().map((name) => basename(name))).toEqual([]);
    });
  });
});
