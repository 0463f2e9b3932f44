import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { makeFolder } from '../files/make-folder.ts';
import { homeFolder } from '../files/places.ts';
import { storageError, systemCode } from '../files/storage-error.ts';
import { CharloomError } from '../../shared/errors.ts';

/**
 * Engines live in a folder of the user's, not of a checkout: every checkout and the packaged app share them. One engine is one
 * folder with an `engine.json`; a folder without it (or with one that cannot be read) is not an engine and is never loaded.
 */
export const engineManifestSchema = z.strictObject({
  formatVersion: z.literal(1),
  name: z.literal('tensorflow'),
  kind: z.enum(['cpu', 'gpu']),
  /** TensorFlow's version, as the library itself reports it. */
  version: z.string(),
  way: z.enum(['wheel', 'official', 'folder']),
  platform: z.string(),
  arch: z.string(),
  /** Version of `@tensorflow/tfjs-node-gpu` whose binding was compiled. */
  packageVersion: z.string(),
  bytes: z.int().nonnegative(),
});
export type EngineManifest = Readonly<z.infer<typeof engineManifestSchema>>;

export interface InstalledEngine {
  readonly folder: string;
  readonly manifest: EngineManifest;
  /** The native addon, beside its libraries in `deps/lib` as the package lays them out. */
  readonly addon: string;
  readonly libraries: string;
}

const manifestName = 'engine.json';
const stagingPrefix = '.installing-';

/** Beside everything else that Charloom keeps (places.ts). */
export function enginesFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return join(homeFolder(environment), 'engines');
}

/** Where an engine's own files lie inside its folder. */
export function engineLayout(folder: string): Pick<InstalledEngine, 'addon' | 'libraries'> {
  return {
    addon: join(folder, 'lib', 'napi-v8', 'tfjs_binding.node'),
    libraries: join(folder, 'deps', 'lib'),
  };
}

/** The engines that this machine can load, the GPU one first. */
export async function listEngines(root = enginesFolder()): Promise<readonly InstalledEngine[]> {
  const folders = (await namesIn(root)).filter((name) => !name.startsWith('.')).sort();
  const engines = await Promise.all(folders.map((name) => readEngine(join(root, name))));
  return engines
    .filter((engine) => engine !== undefined)
    .filter(({ manifest }) => manifest.platform === process.platform && manifest.arch === process.arch)
    .sort((a, b) => Number(b.manifest.kind === 'gpu') - Number(a.manifest.kind === 'gpu'));
}

/** Where there is no folder there is no engine. */
async function namesIn(root: string): Promise<readonly string[]> {
  try {
    return await readdir(root);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) return [];
    throw storageError(error, 'list the engines', root);
  }
}

/** An engine's folder, or undefined when it is none. */
export async function readEngine(folder: string): Promise<InstalledEngine | undefined> {
  const content = await readFile(join(folder, manifestName), 'utf8').catch(() => '');
  const parsed = engineManifestSchema.safeParse(parseJson(content));
  const layout = engineLayout(folder);
  if (!parsed.success || !existsSync(layout.addon)) return undefined;
  return { folder, manifest: parsed.data, ...layout };
}

/** A fresh folder in which an engine is put together; remains of installations that died are swept away. */
export async function stageEngine(root: string): Promise<string> {
  try {
    await makeFolder(root, 'make the engine folder');
    await sweepStaging(root);
    return await mkdtemp(join(root, stagingPrefix));
  } catch (error) {
    throw new CharloomError('storage', `The engine folder ${root} cannot be written to.`, {
      fix: 'Set CHARLOOM_HOME to a folder that can be.',
      cause: error,
    });
  }
}

/**
 * Makes a finished engine visible in one step: its manifest is written, then the whole folder gets its final name. An older
 * engine of that name steps aside first and is deleted last.
 */
export async function promoteEngine(
  staging: string,
  root: string,
  manifest: EngineManifest,
): Promise<string> {
  await writeFile(join(staging, manifestName), `${JSON.stringify(manifest, null, 2)}\n`);
  const { name, version, kind, platform, arch } = manifest;
  const target = join(root, `${name}-${version}-${kind}-${platform}-${arch}`);
  const old = `${staging}-replaced`;
  if (existsSync(target)) await rename(target, old);
  await rename(staging, target);
  await rm(old, { recursive: true, force: true });
  return target;
}

export async function removeEngine({ folder }: InstalledEngine): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

/** Folders left by a killed installation: their process is gone, so nobody will finish them. */
async function sweepStaging(root: string): Promise<void> {
  const left = (await readdir(root)).filter((name) => name.startsWith(stagingPrefix));
  for (const name of left) {
    const owner = Number(await readFile(join(root, name, 'owner'), 'utf8').catch(() => ''));
    if (!isRunning(owner)) await rm(join(root, name), { recursive: true, force: true });
  }
}

/** Says that this process is working on a staging folder. */
export async function claimStaging(staging: string): Promise<void> {
  await writeFile(join(staging, 'owner'), String(process.pid));
}

export async function unclaimStaging(staging: string): Promise<void> {
  await rm(join(staging, 'owner'), { force: true });
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
