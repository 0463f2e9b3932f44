import type { PagePrecision } from '../../../shared/domain/writing-page.ts';
import type { TensorData } from '../../backends/backend.ts';
import {
  checkChecksum,
  containerMetadata,
  decodeCheckpoint,
  encodeCheckpoint,
  interpret,
  type Sha256,
} from '../../checkpoints/codec.ts';
import type { Checkpoint } from '../../checkpoints/content.ts';
import { decodeHeader, encodeHeader } from '../../checkpoints/safetensors.ts';
import { fromHalf, toHalf } from '../float16.ts';

/** A model as a safetensors file: Charloom's own checkpoint in float32, else the same with float16 numbers. */
export function encodeWeights(model: Checkpoint, precision: PagePrecision, sha256: Sha256): Uint8Array {
  return joined(
    precision === 'float32' ? encodeCheckpoint(model, sha256).pieces : encodeHalves(model, sha256),
  );
}

/**
 * Reads what `encodeWeights` wrote.
 * @throws CharloomError 'bad-checkpoint', or 'incompatible' if a newer Charloom wrote it
 */
export function decodeWeights(bytes: Uint8Array, precision: PagePrecision, sha256: Sha256): Checkpoint {
  return precision === 'float32' ? decodeCheckpoint(bytes, sha256) : decodeHalves(bytes, sha256);
}

function encodeHalves({ metadata, tensors }: Checkpoint, sha256: Sha256): readonly Uint8Array[] {
  const data = [...tensors.values()].map((tensor) => {
    const halves = Uint16Array.from(tensor.data, toHalf);
    return new Uint8Array(halves.buffer);
  });
  const texts = containerMetadata(JSON.stringify(metadata), data, sha256);
  return [encodeHeader(tensors, texts, 'F16'), ...data];
}

function decodeHalves(bytes: Uint8Array, sha256: Sha256): Checkpoint {
  const file = decodeHeader(bytes, bytes.length, 'F16');
  const { metadata, tensors, dataStart } = interpret(file);
  const data = bytes.subarray(dataStart);
  checkChecksum(file, data, sha256);
  const read = tensors.map(({ name, shape, begin, end }): [string, TensorData] => {
    const halves = new Uint16Array(data.slice(begin, end).buffer);
    return [name, { shape, data: Float32Array.from(halves, fromHalf) }];
  });
  return { metadata, tensors: new Map(read) };
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((total, piece) => total + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
