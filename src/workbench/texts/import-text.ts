import { rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Text } from '../../shared/domain/text.ts';
import type { WorkbenchContext } from '../context.ts';

type Parts = Pick<WorkbenchContext, 'texts' | 'notices'>;

/**
 * Takes a file of this machine in as a text. One whose content is among the texts already leads there, and says so.
 * @throws CharloomError 'not-found', 'bad-text' or 'storage'
 */
export async function importText({ texts, notices }: Parts, path: string): Promise<Text> {
  const { text, isKnown } = await texts.add(path);
  if (isKnown) notices.emit(aboutKnown(basename(path), text));
  return text;
}

/** The same for an upload; one that is known already is not kept a second time. */
export async function importUpload(
  { texts, notices }: Parts,
  name: string,
  content: AsyncIterable<Uint8Array>,
): Promise<Text> {
  const path = await texts.receive(name, content);
  let isKept = false;
  try {
    const { text, isKnown } = await texts.add(path, 'upload');
    isKept = text.path === path;
    if (isKnown) notices.emit(aboutKnown(basename(path), text));
    return text;
  } finally {
    // Known already, or it cannot be put onto the list: nobody would find it.
    if (!isKept) await rm(dirname(path), { recursive: true, force: true });
  }
}

function aboutKnown(file: string, { title }: Text) {
  const message =
    file === title
      ? `“${title}” is among your texts already: here it is.`
      : `“${file}” is the same text as “${title}”, which is among your texts already: here it is.`;
  return { kind: 'notice', level: 'good', message, run: null } as const;
}
