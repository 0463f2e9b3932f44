import { copyFile, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import {
  checkpointExtension,
  readCheckpoint,
  readCheckpointHeader,
} from '../../host/files/checkpoint-files.ts';
import { withStorageErrors } from '../../host/files/storage-error.ts';
import { CharloomError } from '../../shared/errors.ts';
import type { ImportedModel } from '../../shared/ipc/schemas/checkpoint.ts';
import { containedFile } from '../storage/contained.ts';
import { receiveFile } from '../storage/receive.ts';

/** Checkpoint files from elsewhere. Each is read whole and checked before it is taken in. */
export class ModelLibrary {
  readonly folder: string;

  constructor(home: string) {
    this.folder = join(home, 'models');
  }

  async list(): Promise<readonly ImportedModel[]> {
    const names = await readdir(this.folder).catch(() => []);
    const models: ImportedModel[] = [];
    for (const name of names.filter((file) => file.endsWith(checkpointExtension)).toSorted()) {
      // A file that somebody damaged in here is left out, not fatal.
      const model = await this.#describe(name).catch((error: unknown) => {
        if (error instanceof CharloomError) return undefined;
        throw error;
      });
      if (model !== undefined) models.push(model);
    }
    return models;
  }

  /** @throws CharloomError('not-found') */
  async path(file: string): Promise<string> {
    return containedFile(this.folder, file, 'The model');
  }

  /** @throws CharloomError 'bad-checkpoint', 'not-found' or 'storage' */
  async add(path: string): Promise<ImportedModel> {
    await readCheckpoint(path);
    return withStorageErrors('take in the checkpoint', this.folder, async () => {
      const name = await this.#freeName(basename(path));
      const temporary = join(this.folder, `.importing-${name}`);
      await copyFile(path, temporary);
      await rename(temporary, join(this.folder, name));
      return this.#describe(name);
    });
  }

  async receive(name: string, content: AsyncIterable<Uint8Array>): Promise<ImportedModel> {
    const path = await receiveFile(join(this.folder, '.received'), name, content);
    try {
      return await this.add(path);
    } finally {
      await rm(dirname(path), { recursive: true, force: true });
    }
  }

  async #freeName(wanted: string): Promise<string> {
    await mkdir(this.folder, { recursive: true });
    const stem = wanted.endsWith(checkpointExtension) ? wanted.slice(0, -checkpointExtension.length) : wanted;
    for (let count = 1; ; count++) {
      const name = `${stem}${count === 1 ? '' : `-${count}`}${checkpointExtension}`;
      const isFree = await stat(join(this.folder, name)).then(
        () => false,
        () => true,
      );
      if (isFree) return name;
    }
  }

  async #describe(file: string): Promise<ImportedModel> {
    const path = join(this.folder, file);
    const { metadata } = await readCheckpointHeader(path);
    const { size: bytes, mtime } = await stat(path);
    const { spec, epoch, iteration, validationLoss } = metadata;
    return { file, spec, epoch, iteration, validationLoss, bytes, added: mtime.toISOString() };
  }
}
