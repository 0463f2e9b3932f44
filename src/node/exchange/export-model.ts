import { basename } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { TensorMap } from '../../engine/backends/backend.ts';
import { checkExport, type ExportCheck } from '../../engine/exchange/check.ts';
import { checkFits, exportFiles } from '../../engine/exchange/export.ts';
import { exchangeModel, type OnProgress, type TestVector } from '../../engine/exchange/format.ts';
import { exchangeFormats } from '../../engine/exchange/formats.ts';
import { recordLogits, type OwnNetwork } from '../../engine/exchange/test-vector.ts';
import { zipArchive } from '../../engine/exchange/zip.ts';
import type { ExportFormat } from '../../shared/domain/exchange.ts';
import type { ModelSpec } from '../../shared/domain/model-spec.ts';
import { CharloomError } from '../../shared/errors.ts';
import { writeAtomically } from '../files/atomic.ts';
import { readCheckpoint } from '../files/checkpoint-files.ts';
import { refuseExisting } from '../files/refuse-existing.ts';
import { sha256 } from '../files/sha256.ts';
import { loadWasmBackend } from '../wasm/backend.ts';
import { placeFolder, readFolder, sizeOfFiles, writeFolder } from './folder.ts';

export interface ExportRequest {
  /** The checkpoint file. */
  readonly checkpoint: string;
  readonly format: ExportFormat;
  /** The folder to create, or an archive if it ends in `.zip`; it must not exist yet. */
  readonly output: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

export interface ExportResult {
  readonly path: string;
  readonly bytes: number;
  readonly checked: ExportCheck;
}

/** Rough shares of the work: Charloom's own network, writing, the plain evaluator. */
const parts = { recorded: 0.1, written: 0.3 } as const;

/**
 * Writes a checkpoint's model for another program: into a temporary folder beside the target, where it is read back and compared with Charloom's own
 * network. Only then does it get its name.
 * @throws CharloomError 'incompatible' if the format cannot hold the model; 'check-failed'; 'usage' if the name is taken; 'storage'; those of
 * readCheckpoint. Nothing is left behind in these cases, nor when `signal` is aborted.
 */
export async function exportModel({
  checkpoint,
  format,
  output,
  signal,
  onProgress,
}: ExportRequest): Promise<ExportResult> {
  await refuseExisting(output);
  const content = await readCheckpoint(checkpoint);
  checkFits(format, content.metadata);
  const model = exchangeModel(content);
  const progress = partOf(onProgress, signal);
  const record = await ownLogits(content.metadata.spec, model.parameters, progress(0, parts.recorded));
  const files = exportFiles(format, model, record, sha256);
  const temporary = await writeFolder(output, files);
  try {
    await progress(parts.recorded, parts.written)(1);
    const written = await readFolder(temporary.path, files);
    const evaluate = exchangeFormats[format].open(written);
    const checked = await checkExport(evaluate, record, progress(parts.written, 1));
    if (!output.endsWith('.zip')) {
      await placeFolder(temporary.path, output);
      return { path: output, bytes: sizeOfFiles(files), checked };
    }
    const archive = zipArchive(basename(output, '.zip'), files);
    await writeAtomically(output, archive);
    return { path: output, bytes: archive.reduce((sum, piece) => sum + piece.length, 0), checked };
  } finally {
    await temporary.remove();
  }
}

/** What Charloom's own network computes with these parameters. */
export async function ownLogits(
  spec: ModelSpec,
  parameters: TensorMap,
  onProgress: OnProgress,
): Promise<TestVector> {
  const backend = await loadWasmBackend({ threads: 1 });
  try {
    const network = backend.createSamplingNetwork(spec);
    network.importTensors(parameters);
    const read: OwnNetwork = (symbol, begins) => {
      if (begins) network.resetSampling();
      return network.sampleStep(symbol);
    };
    return await recordLogits(read, spec.vocabularySize, onProgress);
  } finally {
    backend.dispose();
  }
}

/** Progress of one part of the work. Yields to the event loop between symbols, so that a signal takes effect. */
export function partOf(
  onProgress: ExportRequest['onProgress'],
  signal: AbortSignal | undefined,
): (from: number, to: number) => OnProgress {
  return (from, to) => async (fraction) => {
    onProgress?.(from + fraction * (to - from));
    await turn();
    if (signal?.aborted === true) throw new CharloomError('cancelled', 'The export was cancelled.');
  };
}
