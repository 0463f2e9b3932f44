import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { hashFile } from '../../node/files/hash-file.ts';
import { withStorageErrors } from '../../node/files/storage-error.ts';
import { CharloomError } from '../../shared/errors.ts';
import type { Text } from '../../shared/domain/text.ts';
import { SerialQueue } from '../../shared/serial-queue.ts';
import { receiveFile } from '../storage/receive.ts';
import { fileSize, haveSameContent } from './content.ts';
import { SampleTexts } from './sample-texts.ts';
import { TextList, type TextEntry } from './text-list.ts';

/** An imported text, and whether it was already in the list. */
export interface AddedText {
  readonly text: Text;
  readonly isKnown: boolean;
}

/** The imported texts, newest first, and the bundled samples. Pages refer to them by id. */
export class TextLibrary {
  readonly #home: string;
  readonly #list: TextList;
  readonly #samples: SampleTexts;
  readonly #adding = new SerialQueue();

  private constructor(home: string, list: TextList) {
    this.#home = home;
    this.#list = list;
    this.#samples = new SampleTexts(home);
  }

  static async open(home: string): Promise<TextLibrary> {
    return new TextLibrary(home, await TextList.open(home));
  }

  /** Why the list of texts can be neither read nor changed; undefined if it can. */
  get problem(): CharloomError | undefined {
    return this.#list.problem;
  }

  async list(): Promise<readonly Text[]> {
    await this.#list.refresh();
    const own = this.#list.entries.filter(({ source }) => source !== 'sample').map(asText);
    return [...own, ...(await Promise.all(this.#samples.ids.map((id) => this.get(id))))];
  }

  /** @throws CharloomError('not-found') */
  async get(id: string): Promise<Text> {
    // Another Charloom may have imported it.
    if (this.#list.entry(id) === undefined) await this.#list.refresh();
    const entry = this.#list.entry(id);
    if (this.#samples.isSample(id)) return this.#samples.get(id, entry?.lastUsed ?? null);
    return asText(present(entry));
  }

  /** The id of a text by its path; null if it was not imported. */
  idOf(path: string): string | null {
    const own = this.#list.entries.find((entry) => entry.path === resolve(path));
    return this.#samples.idOf(path) ?? own?.id ?? null;
  }

  /** The title of the text at a path: a sample's, that of a text on the list, or else the file's name. */
  titleOf(path: string): string {
    const own = this.#list.entries.find((entry) => entry.path === resolve(path));
    return this.#samples.titleOf(path) ?? own?.title ?? basename(path).slice(-255);
  }

  vocabularySize(id: string): number | null {
    return this.#list.entry(id)?.vocabularySize ?? null;
  }

  /** Stores what reading a text found. */
  async note(id: string, vocabularySize: number): Promise<void> {
    await this.#list.put({ ...(await this.get(id)), lastUsed: now(), vocabularySize });
  }

  /**
   * Adds a file to the front of the list. If a text with the same content is already there under another name, that text is returned.
   * @param title for display
   * @throws CharloomError 'not-found', 'bad-text' or 'storage'
   */
  async add(
    path: string,
    source: 'file' | 'upload' = 'file',
    title: string = basename(path),
  ): Promise<AddedText> {
    // One after another: two files of the same content would not see each other.
    return this.#adding.run(() => this.#add(resolve(path), source, title.slice(-255)));
  }

  /**
   * Adds a new version of a text to the front of the list; the earlier one stays and is marked as such.
   * @throws CharloomError 'not-found', 'bad-text' or 'storage'
   */
  async addState(path: string, title: string, earlier: Text): Promise<Text> {
    return this.#adding.run(async () => {
      const id = idFor(resolve(path));
      if (id === earlier.id) return earlier;
      const bytes = await sizeOfText(path);
      const vocabularySize = this.vocabularySize(id);
      await this.#list.put({
        id,
        title,
        path,
        bytes,
        source: 'upload',
        about: '',
        lastUsed: now(),
        vocabularySize,
      });
      const before = this.#list.entry(earlier.id);
      // A book, or the user's own file, has no versions.
      if (before?.source === 'upload') await this.#list.change(earlier.id, { about: earlierState });
      return this.get(id);
    });
  }

  /** Stores an upload as a file and resolves with its path; it is not on the list yet. */
  async receive(name: string, content: AsyncIterable<Uint8Array>): Promise<string> {
    return receiveFile(join(this.#home, 'texts'), name, content);
  }

  /** The text with this content; undefined if there is none. */
  async withContent(bytes: number, sha256: string): Promise<Text | undefined> {
    return this.#find(bytes, async (path) => (await hashFile(path)) === sha256);
  }

  /**
   * Removes a text from the list; the file stays.
   * @throws CharloomError('not-found')
   */
  async forget(id: string): Promise<void> {
    if (this.#samples.isSample(id) || !(await this.#list.remove(id))) present(undefined);
  }

  /**
   * Puts a text that was removed from the list back at its position.
   * @throws CharloomError('not-found')
   */
  async restore(id: string): Promise<Text> {
    return asText(present(await this.#list.restore(id)));
  }

  async #add(path: string, source: 'file' | 'upload', title: string): Promise<AddedText> {
    const bytes = await sizeOfText(path);
    if (bytes === 0) {
      throw new CharloomError('bad-text', `“${title}” is empty: there is nothing to learn from it.`, {
        fix: 'Choose another file.',
      });
    }
    const id = idFor(path);
    const before = this.#list.entry(id);
    const twin = before ?? (await this.#find(bytes, (other) => haveSameContent(other, path)));
    if (twin !== undefined && twin.id !== id) {
      await this.#list.put({ ...twin, lastUsed: now(), vocabularySize: this.vocabularySize(twin.id) });
      return { text: await this.get(twin.id), isKnown: true };
    }
    const text: Text = { id, title, path, bytes, source, about: '', lastUsed: now() };
    await this.#list.put({ ...text, vocabularySize: before?.vocabularySize ?? null });
    return { text, isKnown: before?.bytes === bytes };
  }

  /** The first text of this length whose file matches. Unreadable files never match. */
  async #find(bytes: number, fits: (path: string) => Promise<boolean>): Promise<Text | undefined> {
    for (const text of await this.list()) {
      if ((await fileSize(text.path)) !== bytes) continue;
      if (await fits(text.path).catch(() => false)) return text;
    }
    return undefined;
  }
}

/** The description in the list of a text with a newer version. */
const earlierState = 'An earlier version of the text with this name.';

function now(): string {
  return new Date().toISOString();
}

/** @throws CharloomError('not-found') */
function present(entry: TextEntry | undefined): TextEntry {
  if (entry !== undefined) return entry;
  throw new CharloomError('not-found', 'This text is no longer in the list.', { fix: 'Import it again.' });
}

async function sizeOfText(path: string): Promise<number> {
  const status = await withStorageErrors('read the text', path, () => stat(path)).catch((cause: unknown) => {
    throw new CharloomError('not-found', `There is no file at ${path}.`, { cause });
  });
  if (!status.isFile()) throw new CharloomError('bad-text', `${path} is a folder, not a text.`);
  return status.size;
}

/** The same file is the same text, however often it is imported. */
function idFor(path: string): string {
  return `text-${createHash('sha256').update(path).digest('hex').slice(0, 16)}`;
}

function asText({ id, title, path, bytes, source, about, lastUsed }: TextEntry): Text {
  return { id, title, path, bytes, source, about, lastUsed };
}
