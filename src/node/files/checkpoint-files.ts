import type { Stats } from 'node:fs';
import { readdir, type FileHandle } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  decodeCheckpoint,
  decodeCheckpointHeader,
  encodeCheckpoint,
  formatName,
  type CheckpointHeader,
} from '../../engine/checkpoints/codec.ts';
import type { Checkpoint } from '../../engine/checkpoints/content.ts';
import { decodeHeader, headerLength, lengthBytes } from '../../engine/checkpoints/safetensors.ts';
import { CharloomError } from '../../shared/errors.ts';
import { writeAtomically } from './atomic.ts';
import { exists } from './exists.ts';
import { checkpointFileNames } from './names.ts';
import { openPlainWithStats, readUpTo, type OpenedFile } from './plain-file.ts';
import { sha256 } from './sha256.ts';
import { systemCode, withStorageErrors } from './storage-error.ts';

export const checkpointExtension = '.safetensors';

/**
 * Reads a checkpoint and checks its checksum.
 * @throws CharloomError 'not-found', 'storage', or with the file's name 'bad-checkpoint', or 'incompatible' when a newer Charloom wrote it
 */
export async function readCheckpoint(path: string): Promise<Checkpoint> {
  return reading(path, async ({ file, stats: { size } }) => {
    // Before memory is allocated, so that a wrong file of any size is reported immediately.
    decodeCheckpointHeader(await readHeader(file, size), size);
    return decodeCheckpoint(await readUpTo(file, size), sha256);
  });
}

/** Reads a checkpoint's description, and only that part of the file: listing hundreds is fast. */
export async function readCheckpointHeader(path: string): Promise<CheckpointHeader> {
  return (await readCheckpointHead(path)).header;
}

/** A checkpoint's description, and the stats of the file that it was read from. */
export async function readCheckpointHead(
  path: string,
): Promise<{ readonly header: CheckpointHeader; readonly stats: Stats }> {
  return reading(path, async ({ file, stats }) => {
    const { size } = stats;
    return { header: decodeCheckpointHeader(await readHeader(file, size), size), stats };
  });
}

/** Whether a file is safetensors but not a Charloom checkpoint; false for anything else, and if it cannot be read. */
export async function isForeignSafetensors(path: string): Promise<boolean> {
  const format = reading(path, async ({ file, stats: { size } }) => {
    return decodeHeader(await readHeader(file, size), size).metadata.get('format');
  });
  return format.then(
    (name) => name !== formatName,
    () => false,
  );
}

/** Enough for the header of most models, which then takes a single read. */
const usualHeaderBytes = 16_384;

async function readHeader(file: FileHandle, size: number): Promise<Uint8Array> {
  const start = await readUpTo(file, Math.min(size, usualHeaderBytes));
  const length = lengthBytes + headerLength(start, size);
  return length <= start.length ? start : readUpTo(file, length);
}

async function reading<T>(path: string, work: (opened: OpenedFile) => Promise<T>): Promise<T> {
  try {
    return await withStorageErrors('read the checkpoint', path, async () => {
      const opened = await openPlainWithStats(path);
      try {
        return await work(opened);
      } finally {
        await opened.file.close();
      }
    });
  } catch (error) {
    if (!(error instanceof CharloomError)) throw error;
    if (systemCode(error.cause) === 'ENOENT') {
      throw new CharloomError('not-found', `There is no checkpoint at ${path}.`, { cause: error });
    }
    if (systemCode(error.cause) === 'EISDIR') {
      throw new CharloomError('bad-checkpoint', `${path} is a folder, not a checkpoint.`, { cause: error });
    }
    if (error.code !== 'bad-checkpoint' && error.code !== 'incompatible') throw error;
    throw new CharloomError(error.code, `${basename(path)}: ${error.message}`, {
      fix: error.advice ?? error.fix,
      cause: error,
    });
  }
}

/** Writes a checkpoint to exactly this path, replacing an existing file. */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  const { pieces } = encodeCheckpoint(checkpoint, sha256);
  await writeAtomically(path, pieces, 'save the checkpoint');
}

/**
 * Writes a listed checkpoint under char-rnn's name and returns its path. A checkpoint of the same position (the run was stopped or killed and reached
 * it again) is replaced, any other never: two whose names agree to print precision get different names.
 */
export async function writeNamedCheckpoint(folder: string, checkpoint: Checkpoint): Promise<string> {
  const path = await freePath(folder, checkpoint);
  await writeCheckpoint(path, checkpoint);
  return path;
}

async function freePath(folder: string, { metadata }: Checkpoint): Promise<string> {
  const names = checkpointFileNames({ ...metadata, name: metadata.settings.name });
  const last = join(folder, names[2]);
  for (const name of names) {
    const path = join(folder, name);
    if (!(await exists(path))) return path;
    const other = await readCheckpointHeader(path).then(
      (header) => header.metadata,
      () => undefined,
    );
    if (other?.iteration === metadata.iteration && other.recoveries === metadata.recoveries) return path;
  }
  return last;
}

/** Paths of the checkpoint files in a folder, by name; none when there is no such folder. */
export async function checkpointPaths(folder: string): Promise<readonly string[]> {
  const names = await withStorageErrors('list the checkpoints', folder, () => readdir(folder)).catch(
    (error: unknown) => {
      if (error instanceof CharloomError && systemCode(error.cause) === 'ENOENT') return [];
      throw error;
    },
  );
  return names
    .filter((name) => name.endsWith(checkpointExtension) && !name.startsWith('.'))
    .toSorted()
    .map((name) => join(folder, name));
}
