import { requireRecords, shuffleRecords } from '../../engine/dataset/records.ts';
import { planChunks, requireStartable } from '../../shared/planning/plan.ts';
import type { ChunkPlan } from '../../shared/planning/plan-types.ts';
import type { RunSettings } from '../../shared/domain/run-settings.ts';
import { formatQuantity } from '../../shared/format/numbers.ts';
import { readTextFile, type TextFile } from '../texts/text-file.ts';
import type { SessionHooks } from './session-types.ts';
import type { RunController } from './controller.ts';

/** Reads a text according to the settings, its records in the run's order. */
export async function readRunText(
  path: string,
  encoding: string | undefined,
  { symbols, lineEnds, records, shuffleRecords: isShuffled, seed }: RunSettings,
  hooks: SessionHooks,
  controller: RunController,
): Promise<TextFile> {
  const text = await readTextFile(
    path,
    { symbols, lineEnds, encoding },
    { signal: controller.signal, onProgress: (fraction) => hooks.onReading?.(fraction) },
  );
  return isShuffled ? { ...text, corpus: shuffleRecords(text.corpus, records, seed) } : text;
}

/**
 * Plans a run on a text.
 * @throws CharloomError 'data-too-small' or 'bad-setting', saying what would work, when it cannot start
 */
export function planRun(text: TextFile, settings: RunSettings): ChunkPlan {
  const { batchSize, sequenceLength, trainFraction, validationFraction, maxEpochs, maxIterations } = settings;
  const plan = planChunks({
    characters: text.corpus.symbols.length,
    batchSize,
    sequenceLength,
    trainFraction,
    validationFraction,
    maxEpochs,
    maxIterations,
  });
  requireStartable(plan);
  requireRecords(text.corpus, settings.records);
  return plan;
}

/** Reports anything unusual about reading a text. (The plan's own warnings are in SessionStart.) */
export function noticeInvalid({ invalid, corpus }: TextFile, hooks: SessionHooks): void {
  if (invalid.count === 0) return;
  const [first] = invalid.places;
  const where = first === undefined ? '' : `, the first in line ${first.line}, column ${first.column}`;
  hooks.onNotice?.(
    `${formatQuantity(invalid.count, 'place')} of the text could not be read as ${corpus.encoding}${where}; ` +
      'they become the replacement character (U+FFFD).',
  );
}
