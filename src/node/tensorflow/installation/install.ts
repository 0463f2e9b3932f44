import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { downloadsFolder } from '../../engines/downloads.ts';
import { enginesFolder } from '../../engines/engines-folder.ts';
import { installInto, type Assembled } from '../../engines/install.ts';
import { checkRoom } from '../../engines/machine.ts';
import type { InstallHooks } from '../../engines/progress.ts';
import { sizeOf } from '../../files/sizes.ts';
import { releaseForThisMachine } from '../diagnosis/machine-check.ts';
import { probeEngine, type ProbeReport, type ProbeRun } from '../diagnosis/probe.ts';
import { compileBinding, findCompiler } from './compile.ts';
import { downloadWheels } from './download.ts';
import {
  engineLayout,
  folderNameOf,
  readEngine,
  type EngineManifest,
  type InstalledEngine,
} from './engine-folder.ts';
import { takeFromFolder, unpackAll } from './from-folder.ts';
import { packageFolder, packageVersion } from './npm-package.ts';
import { runOfficialInstaller } from './official.ts';
import { findPip } from './pip.ts';
import { progressOf } from './progress.ts';
import type { EngineKind } from './releases.ts';

export interface InstallSettings {
  readonly kind: EngineKind;
  /** The source of TensorFlow: pip's wheels, the package's own installer, or a folder on this machine. */
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
 * Installs TensorFlow; only a library that loaded and trained correctly becomes an engine.
 * @throws CharloomError 'run-busy' during another installation, 'backend-unavailable', 'storage', 'cancelled'
 */
export async function installEngine(settings: InstallSettings, hooks: InstallHooks): Promise<Installation> {
  const root = settings.root ?? enginesFolder();
  packageFolder();
  const assembleEngine = async (staging: string): Promise<Assembled<ProbeReport>> => {
    await assemble(settings, root, staging, hooks);
    hooks.onProgress(progressOf('test', 0, 'training a small model'));
    const engine = { folder: staging, ...engineLayout(staging) };
    const { report } = await probeEngine(engine, settings.probe, hooks.signal);
    hooks.onProgress(progressOf('test', 1));
    const manifest = await describe(settings, staging, report);
    return { name: folderNameOf(manifest), manifest, result: report };
  };
  const { signal } = hooks;
  const { folder, result } = await installInto({
    root,
    signal,
    downloads: /\.whl/,
    assemble: assembleEngine,
  });
  const engine = await readEngine(folder);
  if (engine === undefined) throw new Error('the engine was installed but cannot be read back');
  return { engine, report: result };
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
  // What the machine lacks is reported before anything is downloaded.
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
    bytes: await sizeOf(folder),
  };
}
