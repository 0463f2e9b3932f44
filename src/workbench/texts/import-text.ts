import { rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Text } from '../../shared/domain/text.ts';
import type { WorkbenchContext } from '../context.ts';
import { textOfDocument } from './document-text.ts';

type Parts = Pick<WorkbenchContext, 'texts' | 'notices'>;
type DocumentParts = Parts & Pick<WorkbenchContext, 'options' | 'readings'>;

/**
 * Imports a file of this machine unchanged as a text. If its content is already in the list, that text is returned with a message.
 * @throws CharloomError 'not-found', 'bad-text' or 'storage'
 */
export async function importText(parts: Parts, path: string): Promise<Text> {
  return addText(parts, { path, title: basename(path) }, 'file');
}

/**
 * Imports any file of this machine: a text unchanged, a document as the text made from it and stored with it.
 * @throws CharloomError as importText does, and 'bad-text' with advice for a document that cannot be read
 */
export async function importFile(parts: DocumentParts, path: string): Promise<Text> {
  const made = await textOfDocument(parts, path);
  return made === null ? importText(parts, path) : addText(parts, made, 'upload');
}

/** The same for an upload; one that is already known is not stored a second time. */
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
    // The upload is already known, is stored with the text made from it, or cannot be added to the list: it would never be found.
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
