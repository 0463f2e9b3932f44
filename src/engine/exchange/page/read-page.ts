import { CharloomError } from '../../../shared/errors.ts';
import type { Sha256 } from '../../checkpoints/codec.ts';
import type { Checkpoint } from '../../checkpoints/content.ts';
import { fromBase64 } from '../base64.ts';
import { modelId, recordId } from './ids.ts';
import { pageRecordSchema, type PageRecord } from './record.ts';
import { decodeWeights } from './weights.ts';

/** What a page that writes holds. */
export interface PageModel {
  readonly record: PageRecord;
  /** The model alone: parameters, no optimiser memory, no state. */
  readonly model: Checkpoint;
}

/** Whether a text is a page that writes: a cheap look, before anything is read. */
export function isWritingPage(html: string): boolean {
  return contentOf(html, recordId) !== undefined && contentOf(html, modelId) !== undefined;
}

/**
 * The model in a page that writes. The page is a stranger's text: it is searched, never shown or run.
 * @throws CharloomError 'bad-checkpoint' for anything else, or 'incompatible' where a newer Charloom wrote it
 */
export function modelOfPage(html: string, sha256: Sha256): PageModel {
  const recordText = contentOf(html, recordId);
  const weights = contentOf(html, modelId);
  if (recordText === undefined || weights === undefined) {
    throw badPage(
      'it is not a page that Charloom wrote',
      'Choose a page that was made with "A page that writes".',
    );
  }
  const record = pageRecordSchema.safeParse(parsed(recordText));
  if (!record.success) throw badPage('its description is damaged, or a newer Charloom wrote it');
  return { record: record.data, model: decodeWeights(bytesOf(weights), record.data.precision, sha256) };
}

/** The content of the script element with this id; its attributes may be in any order, as browsers save pages. */
function contentOf(html: string, id: string): string | undefined {
  let from = 0;
  for (;;) {
    const start = html.indexOf('<script', from);
    if (start < 0) return undefined;
    const open = html.indexOf('>', start);
    if (open < 0) return undefined;
    from = open + 1;
    // A tag as long as this is none of ours.
    if (open - start > 300 || !html.slice(start, open).includes(`id="${id}"`)) continue;
    const end = html.indexOf('</script', from);
    return end < 0 ? undefined : html.slice(from, end);
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function bytesOf(base64: string): Uint8Array {
  try {
    return fromBase64(base64);
  } catch {
    throw badPage('its weights are damaged');
  }
}

function badPage(reason: string, fix?: string): CharloomError {
  return new CharloomError('bad-checkpoint', `The page cannot be opened as a model: ${reason}.`, { fix });
}
