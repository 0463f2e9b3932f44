import type { Sha256 } from '../../checkpoints/codec.ts';
import type { Checkpoint } from '../../checkpoints/content.ts';
import type { LossPoint } from './foreign-model.ts';

/** A valid model that was read, with what its file records of its training. */
export interface ImportedModel {
  /** Its metadata records its origin; parameters only, no optimiser state and no hidden state. */
  readonly checkpoint: Checkpoint;
  readonly trainLosses: readonly LossPoint[];
  readonly validationLosses: readonly LossPoint[];
}

/** A file or folder that a model is read from. */
export interface ModelSource {
  /** Name of the file or folder, for messages. */
  readonly name: string;
  /** A single file under its name, or the files of a folder by their paths in it, with `/` between folders. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly isFolder: boolean;
}

/** What reading a model needs from its host. */
export interface ReadOptions {
  readonly sha256: Sha256;
  /** Charloom's version. */
  readonly writtenBy: string;
}
