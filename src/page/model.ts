import type { SamplingNetwork, TensorData } from '../engine/backends/backend.ts';
import { JavaScriptNetwork } from '../engine/backends/javascript/network.ts';
import type { CheckpointMetadata } from '../engine/checkpoints/content.ts';
import type { Vocabulary } from '../engine/dataset/corpus.ts';
import { vocabularyFromSymbols } from '../engine/dataset/vocabulary.ts';
import { fromBase64 } from '../engine/exchange/base64.ts';
import { fromHalf } from '../engine/exchange/float16.ts';
import { recordSeparator } from '../shared/domain/record-separator.ts';

/** The page's model, ready to write. */
export interface PageModel {
  readonly network: SamplingNetwork;
  readonly vocabulary: Vocabulary;
  /** The separator between the records it was trained on; null if it was trained on one stream. */
  readonly separator: string | null;
}

interface TensorEntry {
  readonly dtype: 'F32' | 'F16';
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

const lengthBytes = 8;
const metadataKey = '__metadata__';

/** Reads the weights. A page does not check itself: Charloom wrote all of it. */
export function readModel(base64: string): PageModel {
  const bytes = fromBase64(base64);
  const headerBytes = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const data = lengthBytes + headerBytes;
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(lengthBytes, data))) as Record<
    string,
    unknown
  >;
  const { charloom } = header[metadataKey] as { readonly charloom: string };
  const { spec, vocabulary, symbols, settings } = JSON.parse(charloom) as CheckpointMetadata;
  const tensors = Object.entries(header)
    .filter(([name]) => name !== metadataKey)
    .map(([name, entry]): [string, TensorData] => [name, readTensor(bytes, data, entry as TensorEntry)]);
  const network = new JavaScriptNetwork(spec);
  network.importTensors(new Map(tensors));
  return {
    network,
    vocabulary: vocabularyFromSymbols(vocabulary, symbols),
    separator: recordSeparator(settings.records),
  };
}

function readTensor(
  bytes: Uint8Array<ArrayBuffer>,
  data: number,
  { dtype, shape, data_offsets: [begin, end] }: TensorEntry,
): TensorData {
  const own = bytes.slice(data + begin, data + end).buffer;
  if (dtype === 'F32') return { shape, data: new Float32Array(own) };
  return { shape, data: Float32Array.from(new Uint16Array(own), fromHalf) };
}
