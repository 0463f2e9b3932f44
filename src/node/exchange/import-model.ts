import { readModel } from '../../engine/exchange/import/read-model.ts';
import type { ImportReport } from '../../shared/domain/import-report.ts';
import { knownModelSpec } from '../../shared/domain/model-spec.ts';
import { charloomVersion } from '../../shared/version.ts';
import { sha256 } from '../files/sha256.ts';
import { keepModel } from './keep-model.ts';
import { readModelSource } from './read-model-source.ts';

/**
 * Reads a model of another program and keeps it as a run. What it reads may be hostile: call it in a compute process.
 * @throws CharloomError 'not-found', 'storage', 'bad-checkpoint' or 'incompatible'
 */
export async function importModel(path: string, runsFolder: string): Promise<ImportReport> {
  const model = await readModel(await readModelSource(path), { sha256, writtenBy: charloomVersion });
  const { metadata } = model.checkpoint;
  const { folder, checkpoint } = await keepModel(model, runsFolder);
  const { symbols, validationLoss, iteration, origin } = metadata;
  return {
    ...{ folder, checkpoint, spec: knownModelSpec(metadata.spec), symbols, validationLoss, iteration },
    program: origin?.program ?? '',
    recordedLosses: model.trainLosses.length + model.validationLosses.length,
  };
}
