import { checkDifference } from '../../engines/check-difference.ts';
import { downloadsFolder } from '../../engines/downloads.ts';
import { enginesFolder } from '../../engines/engines-folder.ts';
import { installInto, type Assembled } from '../../engines/install.ts';
import { checkRoom, checkSystemLibrary, systemLibrary } from '../../engines/machine.ts';
import { progressIn, type InstallHooks } from '../../engines/progress.ts';
import { sizeOf } from '../../files/sizes.ts';
import { CharloomError } from '../../../shared/errors.ts';
import type { CardProbe, CardReport } from '../card-probe.ts';
import { readWebgpuEngine, type WebgpuEngine, type WebgpuManifest } from '../engine.ts';
import { downloadTarball } from './download.ts';
import { webgpuRelease, type PinnedFile, type WebgpuRelease } from './release.ts';
import { checkFiles, takeFiles } from './sources.ts';

export interface WebgpuInstallSettings {
  /** The source of Dawn: npm's configured registry, or a file or folder on this machine. */
  readonly from: 'registry' | { readonly path: string };
  readonly probe: CardProbe;
  readonly root?: string;
  readonly release?: WebgpuRelease;
}

export interface WebgpuInstallation {
  readonly engine: WebgpuEngine;
  readonly report: CardReport;
}

/** The unpacked files of a platform. */
const unpackedBytes = 40e6;
/** What Dawn's Linux binaries are built for. */
const dawnLibrary = { name: 'WebGPU', needed: 34 } as const;

const progressOf = progressIn({
  check: { title: 'Checking this machine', share: 0.02 },
  download: { title: 'Downloading WebGPU', share: 0.78 },
  unpack: { title: 'Unpacking', share: 0.05 },
  test: { title: 'Testing the graphics card', share: 0.15 },
});

/**
 * Installs Dawn; it becomes an engine only after it has opened a card and trained correctly on it.
 * @throws CharloomError 'run-busy' during another installation, 'backend-unavailable' (with what is missing), 'storage', 'cancelled'
 */
export async function installWebgpu(
  settings: WebgpuInstallSettings,
  hooks: InstallHooks,
): Promise<WebgpuInstallation> {
  const { root = enginesFolder() } = settings;
  const { folder, result } = await installInto({
    ...{ root, signal: hooks.signal, downloads: /\.tgz/ },
    assemble: (staging) => assemble({ ...settings, root }, staging, hooks),
  });
  const engine = await readWebgpuEngine(folder);
  if (engine === undefined) throw new Error('the engine was installed but cannot be read back');
  return { engine, report: result };
}

async function assemble(
  { root, release = webgpuRelease, from, probe }: WebgpuInstallSettings & { readonly root: string },
  staging: string,
  hooks: InstallHooks,
): Promise<Assembled<CardReport>> {
  const { signal } = hooks;
  hooks.onProgress(progressOf('check', 0));
  const files = filesForThisMachine(release);
  await checkRoom(root, unpackedBytes + (from === 'registry' ? release.tarballBytes : 0));
  const source = from === 'registry' ? await download(release, root, hooks) : from.path;
  hooks.onProgress(progressOf('unpack', 0));
  await takeFiles(source, files, staging, signal);
  await checkFiles(release, files, staging);
  hooks.onProgress(progressOf('test', 0, 'training a small model'));
  const report = await probe(staging, { train: true, signal });
  checkDifference(report.difference ?? 0);
  hooks.onProgress(progressOf('test', 1));
  const manifest = describe(release, from, await sizeOf(staging));
  return { name: folderNameOf(manifest), manifest, result: report };
}

/** The files of a release that this machine needs. */
function filesForThisMachine({ files }: WebgpuRelease): readonly PinnedFile[] {
  const wanted = files[`${process.platform}-${process.arch}`];
  if (wanted === undefined) {
    throw new CharloomError(
      'backend-unavailable',
      `There is no WebGPU for ${process.platform} on ${process.arch}.`,
      { fix: 'The embedded backend works here without it.' },
    );
  }
  checkSystemLibrary(systemLibrary(), dawnLibrary);
  return wanted;
}

function download(
  release: WebgpuRelease,
  root: string,
  { signal, onProgress }: InstallHooks,
): Promise<string> {
  onProgress(progressOf('download', 0));
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0);
  return downloadTarball(release, downloadsFolder(root), {
    signal,
    onBytes: (bytes, total) =>
      onProgress(progressOf('download', bytes / total, `${megabytes(bytes)} of ${megabytes(total)} MB`)),
  });
}

function describe(
  { version }: WebgpuRelease,
  from: WebgpuInstallSettings['from'],
  bytes: number,
): WebgpuManifest {
  const { platform, arch } = process;
  const way = from === 'registry' ? 'registry' : 'file';
  return { formatVersion: 1, name: 'webgpu', version, way, platform, arch, bytes };
}

function folderNameOf({ version, platform, arch }: WebgpuManifest): string {
  return `webgpu-${version}-${platform}-${arch}`;
}
