import { randomUUID } from 'node:crypto';
import { copyFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { makeFolder } from '../../node/files/make-folder.ts';
import { checkpointExtension, readCheckpointHeader } from '../../node/files/checkpoint-files.ts';
import { withStorageErrors } from '../../node/files/storage-error.ts';
import { ComputeTask } from '../../processes/compute-task.ts';
import type { ForkProcess } from '../../processes/process.ts';
import { knownModelSpec } from '../../shared/domain/model-spec.ts';
import { CharloomError } from '../../shared/errors.ts';
import { errorOf } from '../../shared/ipc/failures.ts';
import type { ImportedModel } from '../../shared/domain/checkpoint.ts';
import { SerialQueue } from '../../shared/serial-queue.ts';
import { containedFile } from '../storage/contained.ts';

/** Checkpoint files from elsewhere. Each is read completely and checked before it is imported. */
export class ModelLibrary {
  readonly folder: string;
  readonly #fork: ForkProcess;
  readonly #keeping = new SerialQueue();

  constructor(home: string, fork: ForkProcess) {
    this.folder = join(home, 'models');
    this.#fork = fork;
  }

  async list(): Promise<readonly ImportedModel[]> {
    const names = await readdir(this.folder).catch(() => []);
    const models: ImportedModel[] = [];
    for (const name of names.filter((file) => file.endsWith(checkpointExtension)).toSorted()) {
      // A damaged file is left out and is not fatal.
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
    await this.#check(path);
    // One after another: two that arrive at the same time would choose the same free name.
    return this.#keeping.run(() => this.#keep(path));
  }

  async #keep(path: string): Promise<ImportedModel> {
    return withStorageErrors('import the checkpoint', this.folder, async () => {
      const name = await this.#freeName(basename(path));
      const temporary = join(this.folder, `.importing-${randomUUID()}`);
      try {
        await copyFile(path, temporary);
        await rename(temporary, join(this.folder, name));
      } finally {
        await rm(temporary, { force: true });
      }
      return this.#describe(name);
    });
  }

  /** Reading a whole untrusted file takes a while, so a separate process does it. */
  async #check(checkpoint: string): Promise<void> {
    const outcome = await new ComputeTask({
      fork: this.#fork,
      name: `charloom-check-${randomUUID().slice(0, 8)}`,
      job: { kind: 'check', checkpoint },
      onReport: () => undefined,
    }).ended;
    if (outcome.kind === 'failed') throw errorOf(outcome.failure);
    if (outcome.kind === 'crashed') {
      throw new CharloomError('bad-checkpoint', `${basename(checkpoint)} cannot be read. ${outcome.message}`);
    }
  }

  async #freeName(wanted: string): Promise<string> {
    await makeFolder(this.folder, 'make the folder of models');
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
    const { epoch, iteration, validationLoss } = metadata;
    const spec = knownModelSpec(metadata.spec);
    return { file, spec, epoch, iteration, validationLoss, bytes, added: mtime.toISOString() };
  }
}
