import { z } from 'zod';
import type { TensorMap } from '../backends/backend.ts';
import { elementCount } from '../../shared/domain/model-tensors.ts';
import { badCheckpoint } from './errors.ts';
import { repeatedKey } from './repeated-key.ts';

/**
 * The safetensors container (https://huggingface.co/docs/safetensors): eight bytes with the header's length, little endian; the header, JSON that
 * gives the name and position of every tensor; the numbers. Checkpoints contain float32; shared pages may contain float16. The layout is checked
 * strictly: tensors fill the data from beginning to end without gap or overlap.
 */
export interface ContainerHeader {
  /** `__metadata__`, which the format restricts to strings; empty when absent. */
  readonly metadata: ReadonlyMap<string, string>;
  readonly tensors: readonly TensorPlace[];
  /** Bytes before the data. */
  readonly dataStart: number;
  readonly dataBytes: number;
}

export interface TensorPlace {
  readonly name: string;
  readonly shape: readonly number[];
  /** First byte, counted from the start of the data. */
  readonly begin: number;
  /** One past the last byte. */
  readonly end: number;
}

/** The format's names of number types, and the bytes of a number. */
const numberBytes = { F32: 4, F16: 2 } as const;
export type NumberType = keyof typeof numberBytes;

export const lengthBytes = 8;
/** The format's own limit. */
const maxHeaderBytes = 100_000_000;
/** Thirty-two layers with Adam's optimiser state and the carried states have 454. */
const maxTensors = 10_000;
const metadataKey = '__metadata__';

const placeSchema = z.strictObject({
  dtype: z.enum(['F32', 'F16']),
  shape: z.array(z.int().nonnegative()).max(8),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
});
const metadataSchema = z.record(z.string(), z.string());

/** The length prefix and header for these tensors, padded with spaces so that the data starts at a multiple of eight. */
export function encodeHeader(
  tensors: TensorMap,
  metadata: Readonly<Record<string, string>>,
  dtype: NumberType = 'F32',
): Uint8Array {
  let begin = 0;
  const places = [...tensors].map(([name, { shape, data }]) => {
    const end = begin + data.length * numberBytes[dtype];
    const place = { dtype, shape, data_offsets: [begin, end] };
    begin = end;
    return [name, place] as const;
  });
  const json = JSON.stringify({ [metadataKey]: metadata, ...Object.fromEntries(places) });
  const text = new TextEncoder().encode(json);
  const header = new Uint8Array(lengthBytes + Math.ceil(text.length / 8) * 8).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(header.length - lengthBytes), true);
  header.set(text, lengthBytes);
  return header;
}

/**
 * The header's length in bytes, from the first eight bytes of a file of `fileBytes`. Throws CharloomError('bad-checkpoint') if no header can have
 * that length, before memory is allocated for it.
 */
export function headerLength(start: Uint8Array, fileBytes: number): number {
  if (start.length < lengthBytes || fileBytes < lengthBytes) throw badCheckpoint('it is cut short');
  const length = new DataView(start.buffer, start.byteOffset).getBigUint64(0, true);
  if (length > BigInt(maxHeaderBytes)) throw badCheckpoint('this is not a safetensors file');
  if (lengthBytes + Number(length) > fileBytes) throw badCheckpoint('it is cut short inside its header');
  return Number(length);
}

/**
 * Reads the header of a file of `fileBytes`; `bytes` holds at least everything before the data. Throws
 * CharloomError('bad-checkpoint') for anything but a valid container whose tensors all have this number type.
 */
export function decodeHeader(
  bytes: Uint8Array,
  fileBytes: number,
  dtype: NumberType = 'F32',
): ContainerHeader {
  const dataStart = lengthBytes + headerLength(bytes, fileBytes);
  if (bytes.length < dataStart) throw badCheckpoint('it is cut short inside its header');
  const text = decodeText(bytes.subarray(lengthBytes, dataStart));
  const entries = parseEntries(text);
  const metadata = metadataSchema.safeParse(entries.get(metadataKey) ?? {});
  if (!metadata.success) throw badCheckpoint('its metadata is not a table of texts');
  entries.delete(metadataKey);
  if (entries.size > maxTensors) throw badCheckpoint('it lists more tensors than any model has');
  const tensors = [...entries].map(([name, entry]) => readPlace(name, entry, dtype));
  const dataBytes = fileBytes - dataStart;
  checkLayout(tensors, dataBytes);
  return { metadata: new Map(Object.entries(metadata.data)), tensors, dataStart, dataBytes };
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw badCheckpoint('its header is not text');
  }
}

function parseEntries(text: string): Map<string, unknown> {
  // The format requires the brace first; this also distinguishes a foreign file from a damaged one.
  if (!text.startsWith('{')) throw badCheckpoint('this is not a safetensors file');
  let parsed: object;
  try {
    parsed = JSON.parse(text) as object;
  } catch {
    throw badCheckpoint('its header is damaged');
  }
  const repeated = repeatedKey(text);
  if (repeated !== undefined) throw badCheckpoint(`it names ${quoted(repeated)} twice`);
  return new Map(Object.entries(parsed));
}

function readPlace(name: string, entry: unknown, dtype: NumberType): TensorPlace {
  const place = placeSchema.safeParse(entry);
  if (place.data?.dtype !== dtype) {
    const words = dtype === 'F32' ? 'float32' : 'float16';
    throw badCheckpoint(`tensor ${quoted(name)} is not described as ${words} numbers`);
  }
  const { shape, data_offsets: offsets } = place.data;
  const [begin, end] = offsets;
  if (end - begin !== elementCount(shape) * numberBytes[dtype]) {
    throw badCheckpoint(`tensor ${quoted(name)} has another size than its shape says`);
  }
  return { name, shape, begin, end };
}

function checkLayout(tensors: readonly TensorPlace[], dataBytes: number): void {
  let filled = 0;
  for (const { name, begin, end } of tensors.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin < filled) throw badCheckpoint(`tensor ${quoted(name)} overlaps another`);
    if (begin > filled) throw badCheckpoint(`there is a gap before tensor ${quoted(name)}`);
    filled = end;
  }
  if (filled > dataBytes) {
    throw badCheckpoint(`it is cut short: ${filled - dataBytes} of its last bytes are missing`);
  }
  if (filled < dataBytes) {
    throw badCheckpoint(`${dataBytes - filled} bytes at its end do not belong to any tensor`);
  }
}

/** A name from a file, safe to display: short, and without terminal control characters. */
export function quoted(name: string): string {
  const shown = name.replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '?');
  return `“${shown.length > 60 ? `${shown.slice(0, 60)}…` : shown}”`;
}

/** The numbers of one tensor inside `data`: a view where alignment allows, else a copy. Little-endian machines only. */
export function tensorView(data: Uint8Array, { begin, end }: TensorPlace): Float32Array {
  const bytes = data.subarray(begin, end);
  const aligned = bytes.byteOffset % Float32Array.BYTES_PER_ELEMENT === 0 ? bytes : bytes.slice();
  return new Float32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4);
}
