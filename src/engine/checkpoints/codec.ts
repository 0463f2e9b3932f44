import type { TensorData } from '../backends/backend.ts';
import { newerFileError, upgradeToCurrent, type VersionChain } from '../../shared/versioned.ts';
import { vocabularyFromSymbols } from '../dataset/vocabulary.ts';
import { checkpointMetadataSchema, type Checkpoint, type CheckpointMetadata } from './content.ts';
import { badCheckpoint, firstIssue } from './errors.ts';
import * as container from './safetensors.ts';
import { checkTensors } from './tensors.ts';

/**
 * A checkpoint as bytes. In the container's `__metadata__`: `format` is "charloom", `charloom` is the metadata as JSON, `checksum` is
 * "sha256:" and the digest of that JSON followed by the data. Equal checkpoints give equal bytes.
 */
export const formatName = 'charloom';
const checksumPrefix = 'sha256:';

/** The sha256 of consecutive byte arrays, in lower-case hex. It is passed in because only the host has a fast one: a large model is 500 MB. */
export type Sha256 = (pieces: readonly Uint8Array[]) => string;

/** Version 2 has layer normalisation, residuals and averaged weights, each with a value that corresponds to version 1. */
const upgrades: VersionChain = { steps: [(old) => old] };

export interface CheckpointHeader {
  readonly metadata: CheckpointMetadata;
  readonly tensors: readonly container.TensorPlace[];
  readonly checksum: string;
  readonly dataStart: number;
}

export interface EncodedCheckpoint {
  /** The file consists of these pieces in order. They are views of the checkpoint's own tensors: write them before the tensors change. */
  readonly pieces: readonly Uint8Array[];
  readonly bytes: number;
}

/** Turns a checkpoint into the bytes of its file. Values that JSON cannot represent (not a number) must be null in the metadata. */
export function encodeCheckpoint({ metadata, tensors }: Checkpoint, sha256: Sha256): EncodedCheckpoint {
  const shapes = [...tensors].map(([name, { shape }]) => ({ name, shape }));
  checkTensors(checkpointMetadataSchema.parse(metadata), shapes);
  const json = JSON.stringify(metadata);
  const data = [...tensors.values()].map(bytesOf);
  const header = container.encodeHeader(tensors, containerMetadata(json, data, sha256));
  const pieces = [header, ...data];
  return { pieces, bytes: pieces.reduce((total, piece) => total + piece.length, 0) };
}

/** Reads a whole file. Throws CharloomError('bad-checkpoint') for anything but an undamaged checkpoint. */
export function decodeCheckpoint(bytes: Uint8Array, sha256: Sha256): Checkpoint {
  const file = container.decodeHeader(bytes, bytes.length);
  const header = interpret(file);
  const data = bytes.subarray(header.dataStart);
  checkChecksum(file, data, sha256);
  const tensors = header.tensors.map((place): [string, TensorData] => [
    place.name,
    { shape: place.shape, data: container.tensorView(data, place) },
  ]);
  return { metadata: header.metadata, tensors: new Map(tensors) };
}

/**
 * Reads a checkpoint's description without its tensors; `bytes` contains at least the header of a file of `fileBytes` (see headerLength). Detects
 * truncation but not damaged numbers. Throws CharloomError('bad-checkpoint').
 */
export function decodeCheckpointHeader(bytes: Uint8Array, fileBytes: number): CheckpointHeader {
  return interpret(container.decodeHeader(bytes, fileBytes));
}

/** The contents of a checkpoint's container besides its tensors: the description as JSON, and a checksum of it and the data. */
export function containerMetadata(
  json: string,
  data: readonly Uint8Array[],
  sha256: Sha256,
): Readonly<Record<string, string>> {
  const checksum = checksumPrefix + sha256([new TextEncoder().encode(json), ...data]);
  return { format: formatName, checksum, charloom: json };
}

/** Throws CharloomError('bad-checkpoint') unless the data matches the container's checksum. */
export function checkChecksum(
  { metadata }: container.ContainerHeader,
  data: Uint8Array,
  sha256: Sha256,
): void {
  const json = new TextEncoder().encode(metadata.get('charloom') ?? '');
  if (metadata.get('checksum') === checksumPrefix + sha256([json, data])) return;
  throw badCheckpoint('its checksum does not match: it was damaged or changed');
}

/**
 * A container's description of its checkpoint.
 * @throws CharloomError 'bad-checkpoint', or 'incompatible' if a newer Charloom wrote it
 */
export function interpret({
  metadata: texts,
  tensors,
  dataStart,
}: container.ContainerHeader): CheckpointHeader {
  const json = texts.get('charloom');
  if (texts.get('format') !== formatName || json === undefined) {
    throw badCheckpoint('it is a safetensors file, but not a Charloom checkpoint');
  }
  const metadata = readMetadata(json);
  checkTensors(metadata, tensors);
  return { metadata, tensors, checksum: texts.get('checksum') ?? '', dataStart };
}

function readMetadata(json: string): CheckpointMetadata {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    throw badCheckpoint('its description is damaged');
  }
  const upgraded = upgradeToCurrent(parsed, upgrades);
  switch (upgraded.kind) {
    case 'unversioned':
      throw badCheckpoint('its description is damaged');
    case 'newer':
      throw newerFileError(upgraded, 'The checkpoint', 'it');
    case 'current': {
      const metadata = checkpointMetadataSchema.safeParse(upgraded.value);
      if (!metadata.success)
        throw badCheckpoint(`its description is not valid (${firstIssue(metadata.error)})`);
      vocabularyFromSymbols(metadata.data.vocabulary, metadata.data.symbols);
      return metadata.data;
    }
  }
}

function bytesOf({ data }: TensorData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
