import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { listInputs, type InputFile } from '../../node/documents/list-inputs.ts';
import { CharloomError } from '../../shared/errors.ts';
import { receiveFile } from '../storage/receive.ts';

interface ImportedFile {
  readonly path: string;
  /** With the folders between the imported folder and the file. */
  readonly name: string | null;
  /** True: a copy of ours, which is deleted when it is no longer needed. */
  readonly isOurs: boolean;
}

/** Imported files and folders that wait to become parts of a text. Pages refer to them by id. */
export class ImportedFiles {
  readonly #files = new Map<string, ImportedFile>();
  #folder: Promise<string> | undefined;

  /** Adds a file or folder of this machine. Returns its id. */
  add(path: string): string {
    return this.#put({ path, name: null, isOurs: false });
  }

  /**
   * Keeps an upload until the program ends or it is released. Returns its id.
   * @param name may include folders, separated by slashes, for display only
   * @throws CharloomError 'storage', or 'bad-text' if it is too large
   */
  async receive(name: string, content: AsyncIterable<Uint8Array>): Promise<string> {
    this.#folder ??= mkdtemp(join(tmpdir(), 'charloom-import-'));
    const path = await receiveFile(await this.#folder, name.split('/').at(-1) ?? name, content);
    return this.#put({ path, name: name.slice(-1000), isOurs: true });
  }

  /**
   * The files behind an id; those of a folder in natural order.
   * @throws CharloomError 'not-found' or 'bad-text'
   */
  async list(id: string): Promise<readonly InputFile[]> {
    const file = this.#files.get(id);
    if (file === undefined) {
      throw new CharloomError('not-found', 'An imported file no longer exists.', {
        fix: 'Import it again.',
      });
    }
    return file.name === null ? listInputs([file.path]) : [{ path: file.path, name: file.name }];
  }

  /** Whether a file is an upload, which is deleted when it is released. */
  isCopy(id: string): boolean {
    return this.#files.get(id)?.isOurs === true;
  }

  /** Releases files that have become parts of a text, or never will. */
  async release(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const file = this.#files.get(id);
      this.#files.delete(id);
      if (file?.isOurs === true) await rm(dirname(file.path), { recursive: true, force: true });
    }
  }

  async dispose(): Promise<void> {
    this.#files.clear();
    if (this.#folder !== undefined) await rm(await this.#folder, { recursive: true, force: true });
  }

  #put(file: ImportedFile): string {
    const id = `part-${randomUUID()}`;
    this.#files.set(id, file);
    return id;
  }
}
