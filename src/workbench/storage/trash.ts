import { randomUUID } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { makeFolder } from '../../node/files/make-folder.ts';
import { writeAtomically } from '../../node/files/atomic.ts';
import { withStorageErrors } from '../../node/files/storage-error.ts';
import { CharloomError } from '../../shared/errors.ts';
import type { Removal } from '../../shared/domain/checkpoint.ts';
import type { Trashed } from '../../shared/domain/trash.ts';
import { contained } from './contained.ts';
import { moveAll } from './move.ts';
import { exists } from '../../node/files/exists.ts';
import { sizeOf } from '../../node/files/sizes.ts';
import { checkPlace, describeItem } from './trashed-item.ts';

const manifestSchema = z.object({
  formatVersion: z.literal(1),
  removed: z.iso.datetime(),
  items: z.array(z.object({ from: z.string(), kept: z.string() })),
});
type Manifest = z.infer<typeof manifestSchema>;

/** The key of a removal that removed nothing: there is nothing to undo. */
const nothing = 'nothing';

/** Removed items, until the trash is emptied: every removal can be undone. One folder per removal, with a manifest of the original locations. */
export class Trash {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Moves files and folders into the trash, all or none. */
  async remove(paths: readonly string[], kept: Removal['kept'] = []): Promise<Removal> {
    if (paths.length === 0) return { undo: nothing, bytes: 0, files: [], kept };
    const undo = `${new Date().toISOString().replace(/[:.]/g, '-')}-${randomUUID().slice(0, 8)}`;
    const folder = join(this.#folder, undo);
    const items = paths.map((from, index) => ({ from, kept: String(index) }));
    const bytes = (await Promise.all(paths.map(sizeOf))).reduce((sum, size) => sum + size, 0);
    await withStorageErrors('move to the trash', folder, async () => {
      await makeFolder(folder, 'move to the trash');
      // The manifest is written first: whatever happens then, moved items can be found and restored.
      const manifest: Manifest = { formatVersion: 1, removed: new Date().toISOString(), items };
      await writeAtomically(join(folder, 'manifest.json'), [JSON.stringify(manifest, null, 2)]);
      await moveAll(items.map((item) => [item.from, join(folder, item.kept)])).catch(
        async (error: unknown) => {
          if ((await this.#kept(folder)).length === 0) await rm(folder, { recursive: true, force: true });
          throw error;
        },
      );
    });
    return { undo, bytes, files: paths.map((path) => basename(path)), kept };
  }

  /**
   * Restores everything that a removal moved.
   * @throws CharloomError 'not-found' if the trash was emptied or the run of a checkpoint is gone, 'storage' if another item has its place
   */
  async undo(key: string): Promise<readonly string[]> {
    const folder = contained(this.#folder, key);
    const { removed } = await this.#manifest(folder);
    const items = await this.#kept(folder);
    for (const { from } of items) await checkPlace(from, removed);
    await withStorageErrors('restore it', folder, async () => {
      for (const { from } of items) await makeFolder(dirname(from), 'restore it');
      await moveAll(items.map(({ from, kept }) => [join(folder, kept), from]));
      await rm(folder, { recursive: true, force: true });
    });
    return items.map(({ from }) => from);
  }

  /** What can be restored, the latest removal first. A folder without a readable manifest is skipped. */
  async list(): Promise<readonly Trashed[]> {
    const removals = await Promise.all(
      (await this.#names()).map((name) => this.#describe(name).catch(() => undefined)),
    );
    return removals
      .filter((removal) => removal !== undefined)
      .toSorted((a, b) => Date.parse(b.removed) - Date.parse(a.removed));
  }

  async size(): Promise<{ readonly bytes: number; readonly items: number }> {
    const names = await this.#names();
    const sizes = await Promise.all(names.map((name) => sizeOf(join(this.#folder, name))));
    return { bytes: sizes.reduce((sum, size) => sum + size, 0), items: names.length };
  }

  /** Deletes everything permanently; returns the bytes freed. */
  async empty(): Promise<number> {
    const { bytes } = await this.size();
    await withStorageErrors('empty the trash', this.#folder, async () => {
      for (const name of await this.#names()) {
        await rm(join(this.#folder, name), { recursive: true, force: true });
      }
    });
    return bytes;
  }

  async #describe(undo: string): Promise<Trashed | undefined> {
    const folder = contained(this.#folder, undo);
    const [{ removed }, items, bytes] = await Promise.all([
      this.#manifest(folder),
      this.#kept(folder),
      sizeOf(folder),
    ]);
    if (items.length === 0) return undefined;
    const described = items.map(({ from, kept }) => describeItem(from, contained(folder, kept)));
    return { undo, removed, bytes, items: await Promise.all(described) };
  }

  async #names(): Promise<readonly string[]> {
    return readdir(this.#folder).catch(() => []);
  }

  /** What actually exists: a removal may have been interrupted by a power cut. */
  async #kept(folder: string): Promise<Manifest['items']> {
    const { items } = await this.#manifest(folder);
    const isHere = await Promise.all(items.map(({ kept }) => exists(contained(folder, kept))));
    return items.filter((_, index) => isHere[index]);
  }

  async #manifest(folder: string): Promise<Manifest> {
    try {
      return manifestSchema.parse(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')));
    } catch (cause) {
      throw new CharloomError('not-found', 'This is no longer in the trash.', { cause });
    }
  }
}
