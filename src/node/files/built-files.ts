import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of the built entries (out/main). This code may be in it, in a chunk below it, or beside it when tests run it from source. */
function builtFolder(): string {
  const here = import.meta.dirname;
  const candidates = [here, dirname(here), join(here, '../../../out/main')];
  return candidates.find((folder) => existsSync(join(folder, 'compute.js'))) ?? here;
}

/** The compute entry, which runs in separate processes. */
export function computeEntry(): string {
  return join(builtFolder(), 'compute.js');
}

/** The built pages. */
export function pagesFolder(): string {
  return join(builtFolder(), '../renderer');
}

/** The program of pages that write, included in each of them: a script and a style sheet. */
export function pageProgramFiles(): { readonly script: string; readonly style: string } {
  const folder = join(builtFolder(), '../page');
  return { script: join(folder, 'page.js'), style: join(folder, 'page.css') };
}

/** The guide for people who do not program, as pages for a browser. */
export function guideFile(): string {
  return join(builtFolder(), '../guide/index.html');
}

/** The script that starts the command line, under any Node. */
export function launcherFile(): string {
  return join(builtFolder(), '../../bin/charloom.js');
}
