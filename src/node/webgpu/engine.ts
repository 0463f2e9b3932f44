import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { enginesFolder } from '../tensorflow/installation/engine-folder.ts';

/** What `engine.json` says of an installed WebGPU engine. */
export const webgpuManifestSchema = z.strictObject({
  formatVersion: z.literal(1),
  name: z.literal('webgpu'),
  /** Of the npm package that Dawn comes in. */
  version: z.string(),
  way: z.enum(['registry', 'file']),
  platform: z.string(),
  arch: z.string(),
  bytes: z.int().nonnegative(),
});
export type WebgpuManifest = Readonly<z.infer<typeof webgpuManifestSchema>>;

/** Dawn's Node binding for this platform, with its licence and what lies beside it. */
export interface WebgpuEngine {
  readonly folder: string;
  readonly manifest: WebgpuManifest;
}

/** Where the native code lies in an engine's folder. */
export function dawnAddon(folder: string): string {
  return join(folder, 'dawn.node');
}

/** The engine that this machine can load; undefined where none is installed. */
export async function findWebgpuEngine(root = enginesFolder()): Promise<WebgpuEngine | undefined> {
  const names = (await readdir(root).catch(() => [])).filter((name) => /^webgpu-/.test(name)).sort();
  const engines = await Promise.all(names.map((name) => readWebgpuEngine(join(root, name))));
  return engines.findLast(
    (engine) => engine?.manifest.platform === process.platform && engine.manifest.arch === process.arch,
  );
}

/** An engine's folder, or undefined when it is none. */
export async function readWebgpuEngine(folder: string): Promise<WebgpuEngine | undefined> {
  try {
    const manifest = webgpuManifestSchema.parse(
      JSON.parse(await readFile(join(folder, 'engine.json'), 'utf8')),
    );
    return existsSync(dawnAddon(folder)) ? { folder, manifest } : undefined;
  } catch {
    return undefined;
  }
}
