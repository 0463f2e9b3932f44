import { CharloomError } from '../../../shared/errors.ts';
import type { Sha256 } from '../../checkpoints/codec.ts';
import type { Checkpoint } from '../../checkpoints/content.ts';
import { dataInHtml } from '../../../shared/format/html.ts';
import { fromBase64 } from '../base64.ts';
import { modelId, recordId } from './ids.ts';
import { pageRecordSchema, type PageRecord } from './record.ts';
import { decodeWeights } from './weights.ts';

/** The contents of a page that writes. */
export interface PageModel {
  readonly record: PageRecord;
  /** The model alone: parameters, without optimiser state or hidden state. */
  readonly model: Checkpoint;
}

/** Whether a text is a page that writes: a cheap check before anything is read. */
export function isWritingPage(html: string): boolean {
  return dataInHtml(html, recordId) !== undefined && dataInHtml(html, modelId) !== undefined;
}

/**
 * The model in a page that writes. The page is untrusted: it is searched, never shown or run.
 * @throws CharloomError 'bad-checkpoint' for anything else, or 'incompatible' if a newer Charloom wrote it
 */
export function modelOfPage(html: string, sha256: Sha256): PageModel {
  const recordText = dataInHtml(html, recordId);
  const weights = dataInHtml(html, modelId);
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
