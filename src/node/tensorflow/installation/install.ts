import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CharloomError } from '../../../shared/errors.ts';
import { compileBinding, findCompiler } from './compile.ts';
import { downloadWheels } from './download.ts';
import { downloadsFolder, keptDownloads } from './downloads.ts';
import {
  engineLayout,
  enginesFolder,
  promoteEngine,
  readEngine,
  stageEngine,
  type EngineManifest,
  type InstalledEngine,
} from './engine-folder.ts';
import { takeFromFolder, unpackAll } from './from-folder.ts';
import { lockEngines } from './install-lock.ts';
import { checkRoom, releaseForThisMachine } from '../diagnosis/machine-check.ts';
import { packageFolder, packageVersion } from './npm-package.ts';
import { runOfficialInstaller } from './official.ts';
import { findPip } from './pip.ts';
import { probeEngine, type ProbeReport, type ProbeRun } from '../diagnosis/probe.ts';
import { progressOf, type InstallHooks } from './progress.ts';
import type { EngineKind } from './releases.ts';
import { cancelledInstallation } from '../../../shared/domain/engine-words.ts';

export interface InstallSettings {
  readonly kind: EngineKind;
  /** Where TensorFlow comes from: pip's wheels, the package's own installer, or a folder on this machine. */
  readonly from: 'wheel' | 'official' | { readonly folder: string };
  /** Runs the self-test. */
  readonly probe: ProbeRun;
  readonly root?: string;
}

export interface Installation {
  readonly engine: InstalledEngine;
  readonly report: ProbeReport;
}

/**
 * Installs an engine: everything happens in a staging folder, and only a library that loaded and trained correctly gets the name
 * under which engines are found. A failure, a cancellation or a power cut leaves what was installed before.
 * @throws CharloomError 'run-busy' while another installation works there, 'backend-unavailable', 'storage', 'cancelled'
 */
export async function installEngine(settings: InstallSettings, hooks: InstallHooks): Promise<Installation> {
  const root = settings.root ?? enginesFolder();
  packageFolder();
  const lock = await lockEngines(root);
  try {
    return await installAlone(settings, root, hooks);
  } finally {
    await lock.release();
  }
}

async function installAlone(
  settings: InstallSettings,
  root: string,
  hooks: InstallHooks,
): Promise<Installation> {
  const staging = await stageEngine(root);
  try {
    await assemble(settings, root, staging, hooks);
    hooks.onProgress(progressOf('test', 0, 'training a small model'));
    const engine = { folder: staging, ...engineLayout(staging) };
    const { report } = await probeEngine(engine, settings.probe, hooks.signal);
    hooks.onProgress(progressOf('test', 1));
    const manifest = await describe(settings, staging, report);
    const installed = await readEngine(await promoteEngine(staging, root, manifest));
    if (installed === undefined) throw new Error('the engine was installed but cannot be read back');
    await rm(downloadsFolder(root), { recursive: true, force: true });
    return { engine: installed, report };
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    throw await asInstallError(error, hooks.signal, root);
  }
}

async function assemble(
  { kind, from }: InstallSettings,
  root: string,
  staging: string,
  hooks: InstallHooks,
): Promise<void> {
  hooks.onProgress(progressOf('check', 0));
  if (from === 'official') {
    await checkRoom(root, kind === 'gpu' ? 2.5e9 : 1e9);
    await runOfficialInstaller(staging, kind, hooks);
    return;
  }
  // What the machine lacks is said before anything is downloaded.
  await findCompiler(hooks.signal);
  if (from === 'wheel') {
    const release = releaseForThisMachine(kind);
    await findPip(hooks.signal);
    await checkRoom(root, release.roomBytes);
    const wheels = await downloadWheels(release, downloadsFolder(root), hooks);
    await unpackAll(wheels, staging, hooks, { isTensorflow: (_, index) => index === 0 });
  } else {
    await takeFromFolder(from.folder, { kind, staging }, hooks);
  }
  hooks.onProgress(progressOf('compile', 0));
  await compileBinding(staging, hooks.signal);
  // Only needed to compile.
  await rm(join(staging, 'deps', 'include'), { recursive: true, force: true });
}

async function describe(
  { kind, from }: InstallSettings,
  folder: string,
  report: ProbeReport,
): Promise<EngineManifest> {
  return {
    formatVersion: 1,
    name: 'tensorflow',
    kind,
    version: report.version,
    way: typeof from === 'string' ? from : 'folder',
    platform: process.platform,
    arch: process.arch,
    packageVersion: packageVersion(),
    bytes: await folderSize(folder),
  };
}

async function folderSize(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true });
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function asInstallError(error: unknown, signal: AbortSignal, root: string): Promise<unknown> {
  if (signal.aborted) return new CharloomError('cancelled', cancelledInstallation(await keptDownloads(root)));
  if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') {
    return new CharloomError('storage', `The disk of ${root} is full; nothing was changed.`, {
      fix: 'Make room, or set CHARLOOM_HOME to a folder on a larger disk.',
      cause: error,
    });
  }
  return error;
}
