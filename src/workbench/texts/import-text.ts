import { rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Text } from '../../shared/domain/text.ts';
import type { WorkbenchContext } from '../context.ts';
import { textOfDocument } from './document-text.ts';

type Parts = Pick<WorkbenchContext, 'texts' | 'notices'>;
type DocumentParts = Parts & Pick<WorkbenchContext, 'options' | 'readings'>;

/**
 * Takes a file of this machine in as a text, as it stands. One whose content is among the texts already leads there, and says so.
 * @throws CharloomError 'not-found', 'bad-text' or 'storage'
 */
export async function importText(parts: Parts, path: string): Promise<Text> {
  return addText(parts, { path, title: basename(path) }, 'file');
}

/**
 * Takes any file of this machine in: a text as it stands, a document as the text that is made of it and kept with it.
 * @throws CharloomError as importText does, and 'bad-text' with what to do for a document that cannot be read
 */
export async function importFile(parts: DocumentParts, path: string): Promise<Text> {
  const made = await textOfDocument(parts, path);
  return made === null ? importText(parts, path) : addText(parts, made, 'upload');
}

/** The same for an upload; one that is known already is not kept a second time. */
export async function importUpload(
  parts: DocumentParts,
  name: string,
  content: AsyncIterable<Uint8Array>,
): Promise<Text> {
  const path = await parts.texts.receive(name, content);
  let isKept = false;
  try {
    const made = await textOfDocument(parts, path);
    const text = await addText(parts, made ?? { path, title: basename(path) }, 'upload');
    isKept = text.path === path;
    return text;
  } finally {
    // Known already, kept with the text that was made of it, or it cannot be put onto the list: nobody would find it.
    if (!isKept) await rm(dirname(path), { recursive: true, force: true });
  }
}

async function addText(
  { texts, notices }: Parts,
  { path, title }: { readonly path: string; readonly title: string },
  source: 'file' | 'upload',
): Promise<Text> {
  const { text, isKnown } = await texts.add(path, source, title);
  if (isKnown) notices.emit(aboutKnown(title, text));
  return text;
}

function aboutKnown(file: string, { title }: Text) {
  const message =
    file === title
      ? `“${title}” is already in your texts.`
      : `“${file}” is the same text as “${title}”, which is already in your texts.`;
  return { kind: 'notice', level: 'good', message, run: null } as const;
}
