import { isTextKnown } from '../../engine/checkpoints/content.ts';
import { readRunRecord } from '../../node/files/run-folder.ts';
import { CharloomError } from '../../shared/errors.ts';
import { unknownLearnedText } from '../../shared/format/origin-words.ts';
import type { Text } from '../../shared/domain/text.ts';
import type { WorkbenchContext } from '../context.ts';
import { fileSize, holdsContent } from '../texts/content.ts';
import { importText } from '../texts/import-text.ts';

/**
 * Imports the training text of a run: from its original path, if that file is unchanged, or from the list of texts.
 * @throws CharloomError 'not-found' or 'text-changed', with what is missing; 'bad-run'
 */
export async function importRunText(context: WorkbenchContext, id: string): Promise<Text> {
  const { library, texts } = context;
  const { path, fingerprint } = (await readRunRecord(library.folder(id))).text;
  if (!isTextKnown(fingerprint)) throw unknownLearnedText();
  if (await holdsContent(path, fingerprint)) return importText(context, path);
  const moved = await texts.withContent(fingerprint.bytes, fingerprint.sha256);
  if (moved !== undefined) return moved;
  if (path === '' || (await fileSize(path)) === undefined) {
    const gone =
      path === ''
        ? 'The text of this run has not been imported.'
        : `The text of this run is no longer at ${path}.`;
    throw new CharloomError('not-found', gone, {
      fix: 'Import the file from its new location; Charloom recognises it by its content.',
    });
  }
  throw new CharloomError(
    'text-changed',
    `The file at ${path} has changed since this run was trained on it.`,
    {
      fix: 'Import the original text, or import this file and set up a new run on it.',
    },
  );
}
