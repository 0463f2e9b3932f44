import { isTextKnown } from '../../engine/checkpoints/content.ts';
import { readCheckpointHeader } from '../../node/files/checkpoint-files.ts';
import { readRunRecord } from '../../node/files/run-folder.ts';
import { CharloomError } from '../../shared/errors.ts';
import { unknownLearnedText } from '../../shared/format/origin-words.ts';
import type { ModelReference } from '../../shared/domain/run.ts';
import type { WorkbenchContext } from '../context.ts';
import { holdsContent } from '../texts/content.ts';

/**
 * The path of the text that a model learned from: where its run last read it, or among the texts, by its content.
 * @throws CharloomError('not-found'), 'bad-checkpoint'
 */
export async function learnedTextPath(
  { library, texts }: Pick<WorkbenchContext, 'library' | 'texts'>,
  model: ModelReference,
  checkpoint: string,
): Promise<string> {
  const { text } = (await readCheckpointHeader(checkpoint)).metadata;
  if (!isTextKnown(text)) throw unknownLearnedText();
  if (model.kind === 'run') {
    // A run without a readable record still has its checkpoints.
    const record = await readRunRecord(library.folder(model.run)).catch(() => undefined);
    if (record !== undefined && (await holdsContent(record.text.path, text))) return record.text.path;
  }
  const found = await texts.withContent(text.bytes, text.sha256);
  if (found !== undefined) return found.path;
  throw new CharloomError('not-found', 'This model’s training text is not in the list.', {
    fix: 'Import it: Charloom recognises it by its content, whatever its name.',
  });
}
