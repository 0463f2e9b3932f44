import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { engineFolders, enginesFolder, readManifest } from '../engines/engines-folder.ts';

/** `engine.json` of an installed WebGPU engine. */
const webgpuManifestSchema = z.strictObject({
  formatVersion: z.literal(1),
  name: z.literal('webgpu'),
  /** Of the npm package that contains Dawn. */
  version: z.string(),
  way: z.enum(['registry', 'file']),
  platform: z.string(),
  arch: z.string(),
  bytes: z.int().nonnegative(),
});
export type WebgpuManifest = Readonly<z.infer<typeof webgpuManifestSchema>>;

/** Dawn's Node binding for this platform, with its licence and the files it needs beside it. */
export interface WebgpuEngine {
  readonly folder: string;
  readonly manifest: WebgpuManifest;
}

/** Path of the native code in an engine's folder. */
export function dawnAddon(folder: string): string {
  return join(folder, 'dawn.node');
}

/** The engine that this machine can load, the newest if there are several; undefined if none is installed. */
export async function findWebgpuEngine(root = enginesFolder()): Promise<WebgpuEngine | undefined> {
  const folders = await engineFolders(root);
  const engines = await Promise.all(folders.map((name) => readWebgpuEngine(join(root, name))));
  return engines.findLast(
    (engine) => engine?.manifest.platform === process.platform && engine.manifest.arch === process.arch,
  );
}

/** The engine in a folder; undefined if there is none. */
export async function readWebgpuEngine(folder: string): Promise<WebgpuEngine | undefined> {
  const parsed = webgpuManifestSchema.safeParse(await readManifest(folder));
  return parsed.success && existsSync(dawnAddon(folder)) ? { folder, manifest: parsed.data } : undefined;
}

export async function removeWebgpuEngine({ folder }: WebgpuEngine): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}
