import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { listSamples, sampleText } from '../../node/samples/sample-text.ts';
import type { Text } from '../../shared/domain/text.ts';
import { fileSize } from './content.ts';

const prefix = 'sample-';

/** The bundled books as texts, each a file in Charloom's folder. */
export class SampleTexts {
  readonly #folder: string;
  /** Paths of the books, because checking a book's file means reading it. */
  readonly #paths = new Map<string, Promise<string>>();

  constructor(home: string) {
    this.#folder = join(resolve(home), 'samples');
  }

  get ids(): readonly string[] {
    return listSamples().map(({ name }) => `${prefix}${name}`);
  }

  /** Whether an id is that of a book, whether or not it still exists. */
  isSample(id: string): boolean {
    return id.startsWith(prefix);
  }

  /** @throws CharloomError('not-found') */
  async get(id: string, lastUsed: string | null): Promise<Text> {
    const name = id.slice(prefix.length);
    const sample = listSamples().find((book) => book.name === name);
    const path = await this.#path(name);
    const { size: bytes } = await stat(path);
    const about = sample === undefined ? '' : `${sample.author}, ${sample.year}. ${sample.about}`;
    return { id, title: sample?.title ?? name, path, bytes, source: 'sample', about, lastUsed };
  }

  /** The id of the book at this path; null for any other path. */
  idOf(path: string): string | null {
    const found = listSamples().find(({ name }) => resolve(path) === join(this.#folder, `${name}.txt`));
    return found === undefined ? null : `${prefix}${found.name}`;
  }

  titleOf(path: string): string | undefined {
    const id = this.idOf(path);
    return listSamples().find(({ name }) => id === `${prefix}${name}`)?.title;
  }

  async #path(name: string): Promise<string> {
    const made = this.#paths.get(name);
    if (made !== undefined && (await fileSize(await made)) !== undefined) return made;
    const path = sampleText(name, this.#folder);
    this.#paths.set(name, path);
    path.catch(() => this.#paths.delete(name));
    return path;
  }
}
