import { colophonId, colophonSchema, type Colophon } from '../domain/colophon.ts';
import { CharloomError } from '../errors.ts';
import { dataInHtml } from './html.ts';

/**
 * The colophon in a booklet. The file is untrusted: it is searched, never displayed.
 * @throws CharloomError 'bad-text' if there is none, or it is damaged
 */
export function readColophon(html: string): Colophon {
  const data = dataInHtml(html, colophonId);
  if (data === undefined) {
    throw new CharloomError('bad-text', 'This file has no colophon.', {
      fix: 'Choose a booklet that was saved on the page Write.',
    });
  }
  const colophon = colophonSchema.safeParse(parsed(data));
  if (colophon.success) return colophon.data;
  throw new CharloomError('bad-text', 'The colophon is damaged, or a newer Charloom wrote it.');
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
