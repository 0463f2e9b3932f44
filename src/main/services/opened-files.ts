import { extname, resolve } from 'node:path';

/** Files that the system passes to the application (a double click, a drop on the icon), possibly before it can open them. */
export class OpenedFiles {
  #waiting: string[] = [];
  #take: ((path: string) => void) | undefined;

  add(path: string): void {
    if (this.#take === undefined) this.#waiting.push(path);
    else this.#take(path);
  }

  /** From now on `take` is called, first with the waiting files. */
  deliverTo(take: (path: string) => void): void {
    this.#take = take;
    for (const path of this.#waiting) take(path);
    this.#waiting = [];
  }
}

/** The files in a command line. Chromium reorders arguments and adds switches, so every argument that names a file is taken. */
export function filesIn(
  words: readonly string[],
  workingFolder: string,
  isFile: (path: string) => boolean,
): readonly string[] {
  return words
    .filter((word) => word !== '' && !word.startsWith('-'))
    .map((word) => resolve(workingFolder, word))
    .filter(isFile);
}

/** What a file is assumed to be. */
export function kindOfFile(path: string): 'model' | 'text' {
  return ['.safetensors', '.t7'].includes(extname(path).toLowerCase()) ? 'model' : 'text';
}
