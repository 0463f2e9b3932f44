import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { detectFile } from '../../node/documents/detect-file.ts';
import type { SourceRecord } from '../../node/documents/source-record.ts';
import { keepText } from '../../processes/documents/keep-text.ts';
import { documentKindWords } from '../../shared/domain/document-kinds.ts';
import { defaultReadChoices } from '../../shared/domain/documents.ts';
import type { WorkbenchContext } from '../context.ts';

type Parts = Pick<WorkbenchContext, 'options' | 'notices' | 'readings'>;

/** A text that was made from a document, and the document's name. */
export interface DocumentText {
  readonly path: string;
  readonly title: string;
}

/**
 * Makes a text from a document and stores both in Charloom's folder; a notice reports what was left out. Null for a plain text, and for files that are
 * not documents: these are reported where texts are read.
 * @throws CharloomError with advice, for a document that cannot be read
 */
export async function textOfDocument(
  { options, notices, readings }: Parts,
  path: string,
): Promise<DocumentText | null> {
  const detected = await detectDocument(path);
  if (detected === null) return null;
  const title = basename(path);
  const request = {
    files: [{ path, name: title }],
    recipe: { choices: defaultReadChoices, cleaning: null, isPlain: false, whenUnsure: 'take' },
    separator: '',
    home: join(options.homeFolder, 'texts'),
    title,
  } as const;
  const made = await readings.during(title, (hooks) => keepText(options.fork, request, hooks));
  const message = aboutReading(made.record);
  if (message !== null) notices.emit({ kind: 'notice', level: 'good', message, run: null });
  return { path: made.path, title };
}

async function detectDocument(path: string): Promise<'document' | null> {
  const size = await stat(path).then(
    (status) => (status.isFile() ? status.size : 0),
    () => 0,
  );
  if (size === 0) return null;
  const kind = (await detectFile(path).catch(() => null))?.kind ?? 'text';
  return kind === 'text' || kind === 'other' ? null : 'document';
}

/** "letters.docx was read as a Word document. 2 pictures were left out." Null if it turned out to be a plain text. */
function aboutReading({ inputs }: SourceRecord): string | null {
  const [input] = inputs;
  if (input === undefined || input.kind === 'text') return null;
  return [`“${input.name}” was read as ${documentKindWords[input.kind]}.`, ...input.problems].join(' ');
}
