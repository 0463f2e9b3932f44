import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { engineFolders, enginesFolder, readManifest } from '../../engines/engines-folder.ts';

/** `engine.json` of an installed TensorFlow. */
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

/** Paths of an engine's files inside its folder. */
export function engineLayout(folder: string): Pick<InstalledEngine, 'addon' | 'libraries'> {
  return {
    addon: join(folder, 'lib', 'napi-v8', 'tfjs_binding.node'),
    libraries: join(folder, 'deps', 'lib'),
  };
}

/** The engines that this machine can load, the GPU one first. */
export async function listEngines(root = enginesFolder()): Promise<readonly InstalledEngine[]> {
  const folders = await engineFolders(root);
  const engines = await Promise.all(folders.map((name) => readEngine(join(root, name))));
  return engines
    .filter((engine) => engine !== undefined)
    .filter(({ manifest }) => manifest.platform === process.platform && manifest.arch === process.arch)
    .sort((a, b) => Number(b.manifest.kind === 'gpu') - Number(a.manifest.kind === 'gpu'));
}

/** The engine in a folder; undefined if there is none. */
export async function readEngine(folder: string): Promise<InstalledEngine | undefined> {
  const parsed = engineManifestSchema.safeParse(await readManifest(folder));
  const layout = engineLayout(folder);
  if (!parsed.success || !existsSync(layout.addon)) return undefined;
  return { folder, manifest: parsed.data, ...layout };
}

/** The name of an engine's folder. */
export function folderNameOf({ name, version, kind, platform, arch }: EngineManifest): string {
  return `${name}-${version}-${kind}-${platform}-${arch}`;
}

export async function removeEngine({ folder }: InstalledEngine): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}
