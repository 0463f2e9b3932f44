import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EmbeddedBackend } from '../../../src/engine/backends/backend.ts';
import type { Checkpoint } from '../../../src/engine/checkpoints/content.ts';
import { checkExport } from '../../../src/engine/exchange/check.ts';
import { exportFiles } from '../../../src/engine/exchange/export.ts';
import {
  exchangeModel,
  type ExportedFile,
  type ReadFiles,
  type TestVector,
} from '../../../src/engine/exchange/format.ts';
import { exchangeFormats } from '../../../src/engine/exchange/formats.ts';
import { recordLogits } from '../../../src/engine/exchange/test-vector.ts';
import { usedParameters } from '../../../src/engine/model/used-parameters.ts';
import { loadWasmBackend } from '../../../src/node/wasm/backend.ts';
import { exportFormats, exportFormatTable, type ExportFormat } from '../../../src/shared/domain/exchange.ts';
import { sha256 } from '../../support/checkpoints.ts';
import { exchangeCases, exchangeCheckpoint } from '../../support/exchange.ts';

let backend: EmbeddedBackend;
beforeAll(async () => {
  backend = await loadWasmBackend({ threads: 1 });
});
afterAll(() => backend.dispose());

const quiet = (): void => undefined;

async function ownRecord(checkpoint: Checkpoint): Promise<TestVector> {
  const { spec } = checkpoint.metadata;
  const network = backend.createSamplingNetwork(spec);
  network.importTensors(usedParameters(checkpoint));
  const read = (symbol: number, begins: boolean): Float32Array => {
    if (begins) network.resetSampling();
    return network.sampleStep(symbol);
  };
  const record = await recordLogits(read, spec.vocabularySize, quiet);
  network.dispose();
  return record;
}

function read(files: readonly ExportedFile[]): ReadFiles {
  return new Map(files.map(({ path, pieces }) => [path, new Uint8Array(Buffer.concat(pieces))]));
}

const cases = exportFormats.flatMap((format) =>
  exchangeCases.map((exchange) => ({ format, exchange, title: exchange.title })),
);
const fits = ({ format, exchange }: (typeof cases)[number]): boolean =>
  exportFormatTable[format].refusal(exchangeCheckpoint(exchange).metadata) === null;

describe('what is exported computes what the model computes', () => {
  test.each(cases.filter(fits))('$format: $title', async ({ format, exchange }) => {
    const checkpoint = exchangeCheckpoint(exchange);
    const record = await ownRecord(checkpoint);
    const files = read(exportFiles(format, exchangeModel(checkpoint), record, sha256));
    const checked = await checkExport(exchangeFormats[format].open(files), record, quiet);
    expect(checked.symbols).toBe(100);
    expect(checked.largestDifference).toBeLessThan(2e-5);
    // Without a difference at all both would be the same program.
    expect(checked.largestDifference).toBeGreaterThan(0);
  });
});

/** A file of each format in which one weight is found by its bytes. */
const weightFiles: Readonly<Record<ExportFormat, RegExp>> = {
  onnx: /model\.onnx$/,
  pytorch: /safetensors$/,
  tfjs: /weights\.bin$/,
  ml5: /softmax_b$/,
};

describe('the check', () => {
  const [plain = undefined] = exchangeCases;

  test.each(exportFormats)('of %s finds a single weight that was changed', async (format) => {
    if (plain === undefined) throw new Error('there is no case');
    const checkpoint = exchangeCheckpoint(plain);
    const record = await ownRecord(checkpoint);
    const files = exportFiles(format, exchangeModel(checkpoint), record, sha256);
    const changed = read(files);
    // The bias of a symbol that every format stores as it is.
    const bias = checkpoint.tensors.get('decoder.b')?.data.slice(0, 3) ?? new Float32Array();
    const bytes = Buffer.from(bias.buffer);
    const places = files.filter(({ path }) => weightFiles[format].test(path));
    const place = places.find(({ path }) => Buffer.from(changed.get(path) ?? []).includes(bytes));
    const file = changed.get(place?.path ?? '') ?? new Uint8Array();
    const at = Buffer.from(file.buffer, file.byteOffset, file.length).indexOf(bytes);
    expect(at).toBeGreaterThanOrEqual(0);
    new DataView(file.buffer, file.byteOffset).setFloat32(at, (bias[0] ?? 0) + 0.001, true);
    await expect(checkExport(exchangeFormats[format].open(changed), record, quiet)).rejects.toMatchObject({
      code: 'check-failed',
    });
  });

  test('allows what float32 rounds where weights are large, and no more', async () => {
    const record = {
      symbols: [0, 1],
      logits: [
        [40, -3],
        [1, 2],
      ],
    };
    const off = (by: number) => (symbol: number) =>
      Float64Array.from(record.logits[symbol] ?? [], (value) => value + by);
    expect(await checkExport(off(3e-4), record, quiet)).toMatchObject({ symbols: 2 });
    await expect(checkExport(off(5e-4), record, quiet)).rejects.toMatchObject({ code: 'check-failed' });
    const small = { symbols: [0], logits: [[4, -3]] };
    const few = (by: number) => () => Float64Array.from([4 + by, -3]);
    expect((await checkExport(few(9e-5), small, quiet)).largestDifference).toBeCloseTo(9e-5, 7);
    await expect(checkExport(few(1.1e-4), small, quiet)).rejects.toMatchObject({ code: 'check-failed' });
    await expect(checkExport(few(NaN), small, quiet)).rejects.toMatchObject({ code: 'check-failed' });
  });

  test('a model that computes no numbers is refused before', async () => {
    if (plain === undefined) throw new Error('there is no case');
    const checkpoint = exchangeCheckpoint(plain);
    checkpoint.tensors.get('decoder.b')?.data.fill(NaN);
    await expect(ownRecord(checkpoint)).rejects.toMatchObject({ code: 'bad-checkpoint' });
  });
});
