import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { makeFolder } from '../../files/make-folder.ts';
import { homeFolder } from '../../files/data-folders.ts';
import { storageError, systemCode } from '../../files/storage-error.ts';
import { cannotWrite } from './install-lock.ts';

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
/** Of an engine that makes room for its successor. */
const asideSuffix = '-replaced';

/** Beside everything else that Charloom keeps (data-folders.ts). */
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

/** A fresh folder in which an engine is put together; remains of installations that died are swept away. Needs the lock (lockEngines). */
export async function stageEngine(root: string): Promise<string> {
  try {
    await makeFolder(root, 'make the engine folder');
    await sweepStaging(root);
    return await mkdtemp(join(root, stagingPrefix));
  } catch (error) {
    throw cannotWrite(root, error);
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
  const target = join(root, folderNameOf(manifest));
  const old = `${staging}${asideSuffix}`;
  if (existsSync(target)) await rename(target, old);
  try {
    await rename(staging, target);
  } catch (error) {
    await restore(old, root);
    throw error;
  }
  await rm(old, { recursive: true, force: true });
  return target;
}

function folderNameOf({ name, version, kind, platform, arch }: EngineManifest): string {
  return `${name}-${version}-${kind}-${platform}-${arch}`;
}

/** Gives an engine that stepped aside its name back, unless its successor has it. */
async function restore(aside: string, root: string): Promise<void> {
  const engine = await readEngine(aside);
  if (engine === undefined) return;
  const target = join(root, folderNameOf(engine.manifest));
  if (!existsSync(target)) await rename(aside, target);
}

export async function removeEngine({ folder }: InstalledEngine): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

/** Whoever holds the lock is the only one at work: all that is left is of installations that were killed. */
async function sweepStaging(root: string): Promise<void> {
  const left = (await readdir(root)).filter((name) => name.startsWith(stagingPrefix));
  for (const name of left) {
    if (name.endsWith(asideSuffix)) await restore(join(root, name), root);
    await rm(join(root, name), { recursive: true, force: true });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
