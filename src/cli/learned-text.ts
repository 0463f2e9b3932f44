import { dirname } from 'node:path';
import { CharloomError } from '../shared/errors.ts';
import { unknownLearnedText } from '../shared/format/origin-words.ts';

/** The run's text was moved or edited: another one can be given. */
export function withTextOption(error: unknown): unknown {
  if (!(error instanceof CharloomError) || !['not-found', 'text-changed'].includes(error.code)) return error;
  const fix = 'Give the unchanged training text: --text FILE.';
  return new CharloomError(error.code, error.message, { fix, cause: error });
}

/** Where the run of a checkpoint read its text; checkpoints are in a folder inside the run's. */
export async function textOfRun(checkpoint: string): Promise<string> {
  const { readRunRecord } = await import('../node/files/run-folder.ts');
  const record = await readRunRecord(dirname(dirname(checkpoint))).catch((cause: unknown) => {
    throw new CharloomError('usage', 'This checkpoint is in no run, so nothing says where its text is.', {
      fix: 'Give the training text: --text FILE.',
      cause,
    });
  });
  if (record.text.path !== '') return record.text.path;
  const { isTextKnown } = await import('../engine/checkpoints/content.ts');
  const sentence = isTextKnown(record.text.fingerprint)
    ? 'This model was imported, so nothing says where its text is.'
    : unknownLearnedText().message;
  throw new CharloomError('not-found', sentence, { fix: 'Give the training text: --text FILE.' });
}
