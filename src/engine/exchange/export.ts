import { exportFormatTable, type ExportFormat } from '../../shared/domain/exchange.ts';
import { CharloomError } from '../../shared/errors.ts';
import type { CheckpointMetadata } from '../checkpoints/content.ts';
import type { Sha256 } from '../checkpoints/codec.ts';
import { exchangeFormats } from './formats.ts';
import { jsonFile, textFile, type ExchangeModel, type ExportedFile, type TestVector } from './format.ts';
import { readme } from './readme.ts';
import { shortened } from './test-vector.ts';

/**
 * Refuses a model that a format cannot hold.
 * @throws CharloomError 'incompatible' with a reason, and what would work
 */
export function checkFits(format: ExportFormat, { spec, symbols, vocabulary }: CheckpointMetadata): void {
  const refusal = exportFormatTable[format].refusal({ spec, symbols, vocabulary });
  if (refusal !== null) throw new CharloomError('incompatible', refusal.sentence, { fix: refusal.fix });
}

/** All files of an export, README and test vector included. `record` is what Charloom's own network computed (test-vector.ts). */
export function exportFiles(
  format: ExportFormat,
  model: ExchangeModel,
  record: TestVector,
  sha256: Sha256,
): readonly ExportedFile[] {
  checkFits(format, model.metadata);
  const { write, example } = exchangeFormats[format];
  const testVector = shortened(record);
  const files = write(model, { testVector, sha256 });
  const about = readme({ format, model, files, testVector, example: example(model) });
  return [...files, jsonFile('test-vector.json', testVector), textFile('README.md', about)];
}
