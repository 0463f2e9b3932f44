import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { makeFolder } from '../../files/make-folder.ts';

const manifestSchema = z.object({ dependencies: z.record(z.string(), z.string()).default({}) });

/**
 * Copies an npm package, and the dependencies that it needs, into a `node_modules` folder where any Node.js can run it. In the packaged application
 * they are in an archive that other programs cannot read, so they are copied file by file.
 * @param original the package's folder, directly in a `node_modules` or in a scope there
 * @param dependencies names of the dependencies to copy
 * @returns the folder of the copy
 */
export async function copyPackage(
  original: { readonly name: string; readonly folder: string },
  dependencies: readonly string[],
  modules: string,
): Promise<string> {
  const { name, folder } = original;
  const root = join(folder, ...name.split('/').map(() => '..'));
  const copied = new Set<string>();
  const copy = async (from: string, needs: readonly string[]): Promise<void> => {
    copied.add(from);
    await copyFiles(from, join(modules, relative(root, from)));
    for (const need of needs) {
      const found = locate(need, from, root);
      // A missing one is optional, or is reported by the program that needs it.
      if (found === undefined || copied.has(found)) continue;
      await copy(found, await dependenciesOf(found));
    }
  };
  await copy(folder, dependencies);
  return join(modules, ...name.split('/'));
}

async function dependenciesOf(folder: string): Promise<readonly string[]> {
  const manifest: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  return Object.keys(manifestSchema.parse(manifest).dependencies);
}

/** Where Node.js finds a package that is required from a folder, up to the root `node_modules`. */
function locate(name: string, from: string, root: string): string | undefined {
  for (let folder = from; folder.startsWith(root) && folder !== root; folder = dirname(folder)) {
    const nested = join(folder, 'node_modules', name);
    if (existsSync(nested)) return nested;
  }
  const found = join(root, name);
  return existsSync(found) ? found : undefined;
}

/** A package's files without the packages inside it. */
async function copyFiles(from: string, to: string): Promise<void> {
  await makeFolder(to);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory() && entry.name !== 'node_modules') await copyFiles(source, target);
    else if (entry.isFile()) await writeFile(target, await readFile(source));
  }
}
