import { joinBytes, tooLarge } from './archive.ts';
import { documentLimits } from './limits.ts';
import { damaged } from './reading.ts';
import { CharloomError } from '../../shared/errors.ts';

/**
 * What a gzip archive unpacks to.
 * @throws CharloomError('bad-text') when it is damaged or unpacks to more than the limits
 */
export async function unpackGzip(bytes: Uint8Array, name: string): Promise<Uint8Array> {
  const source = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
  const pieces: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const piece of source.pipeThrough(new DecompressionStream('gzip'))) {
      length += piece.length;
      if (length > documentLimits.archiveEntryBytes) throw tooLarge(name);
      pieces.push(piece);
    }
  } catch (error) {
    throw error instanceof CharloomError ? error : damaged(name, 'it cannot be unpacked', error);
  }
  return joinBytes(pieces, length);
}
