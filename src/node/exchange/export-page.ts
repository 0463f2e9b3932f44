import { JavaScriptNetwork } from '../../engine/backends/javascript/network.ts';
import type { Checkpoint } from '../../engine/checkpoints/content.ts';
import { checkExport } from '../../engine/exchange/check.ts';
import type { Evaluator } from '../../engine/exchange/format.ts';
import { modelOfPage } from '../../engine/exchange/page/read-page.ts';
import { writePage } from '../../engine/exchange/page/write-page.ts';
import { givenCheckpoint } from '../../engine/model/used-parameters.ts';
import type { CopyCheck, PageChoice } from '../../shared/domain/exchange.ts';
import { writeAtomically } from '../files/atomic.ts';
import { readCheckpoint } from '../files/checkpoint-files.ts';
import { readPageProgram } from '../files/page-program.ts';
import { refuseExisting } from '../files/refuse-existing.ts';
import { sha256 } from '../files/sha256.ts';
import { loadWasmBackend } from '../wasm/backend.ts';
import { checkCopies } from './copy-check.ts';
import { ownLogits, partOf, type ExportRequest, type ExportResult } from './export-model.ts';

export interface PageRequest extends Omit<ExportRequest, 'format'>, Pick<PageChoice, 'page' | 'precision'> {
  /** The text that the model was trained on; null if its path is unknown. */
  readonly textPath: string | null;
}

export interface PageResult extends ExportResult {
  readonly copies: CopyCheck;
}

/** Rough shares of the work. */
const parts = { written: 0.1, copies: 0.8, recorded: 0.9 } as const;

/**
 * Writes a page that writes, after finding what its samples copy and checking that its program computes the same as Charloom's own network with the
 * weights in the page.
 * @throws CharloomError 'bad-setting' above 50 MB; 'check-failed'; 'usage' if the name is taken; 'storage'; those of readCheckpoint
 */
export async function exportPage(request: PageRequest): Promise<PageResult> {
  const { checkpoint, page, precision, output, textPath, signal, onProgress } = request;
  await refuseExisting(output);
  const model = givenCheckpoint(await readCheckpoint(checkpoint));
  const program = await readPageProgram();
  const html = writePage({ model, page, precision, program }, sha256);
  const progress = partOf(onProgress, signal);
  await progress(0, parts.written)(1);
  const given = modelOfPage(html, sha256).model;
  const copies = await copiesOf(given, { page, textPath, signal });
  await progress(parts.written, parts.copies)(1);
  const record = await ownLogits(given.metadata.spec, given.tensors, progress(parts.copies, parts.recorded));
  const checked = await checkExport(evaluatorOf(given), record, progress(parts.recorded, 1));
  const bytes = new TextEncoder().encode(html);
  await writeAtomically(output, [bytes], 'write the page');
  return { path: output, bytes: bytes.length, checked, copies };
}

async function copiesOf(
  { metadata, tensors }: Checkpoint,
  how: Pick<PageRequest, 'page' | 'textPath' | 'signal'>,
): Promise<CopyCheck> {
  const backend = await loadWasmBackend({ threads: 1 });
  try {
    const network = backend.createSamplingNetwork(metadata.spec);
    network.importTensors(tensors);
    return await checkCopies({ network, metadata, ...how });
  } finally {
    backend.dispose();
  }
}

/** Evaluates with the page's program and the weights in the page. */
function evaluatorOf({ metadata, tensors }: Checkpoint): Evaluator {
  const network = new JavaScriptNetwork(metadata.spec);
  network.importTensors(tensors);
  return (symbol, begins) => {
    if (begins) network.resetSampling();
    return Float64Array.from(network.sampleStep(symbol));
  };
}
