import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The folder of the built entries (out/main). This code may lie in it, in a chunk beneath it, or, while tests run it from its source,
 * beside it.
 */
function builtFolder(): string {
  const here = import.meta.dirname;
  const candidates = [here, dirname(here), join(here, '../../../out/main')];
  return candidates.find((folder) => existsSync(join(folder, 'compute.js'))) ?? here;
}

/** The compute entry, which runs in processes of its own. */
export function computeEntry(): string {
  return join(builtFolder(), 'compute.js');
}

/** The built pages. */
export function pagesFolder(): string {
  return join(builtFolder(), '../renderer');
}

/** The program of pages that write, which goes into each of them: a script and a style. */
export function pageProgramFiles(): { readonly script: string; readonly style: string } {
  const folder = join(builtFolder(), '../page');
  return { script: join(folder, 'page.js'), style: join(folder, 'page.css') };
}

/** The guide for people who do not program, as a page that a browser shows by itself. */
export function guideFile(): string {
  return join(builtFolder(), '../guide/index.html');
}
