import type { IncomingMessage } from 'node:http';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { HttpError } from './replies.ts';

/** No page sends requests anywhere near this size. */
const largestJson = 4 << 20;

/** The JSON of a request. Only requests declared as JSON are read, because a form on another site cannot send these. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) {
    throw new HttpError(415, 'Requests must be JSON.');
  }
  const pieces: Buffer[] = [];
  for await (const piece of limited(request, largestJson)) pieces.push(piece as Buffer);
  try {
    return JSON.parse(Buffer.concat(pieces).toString('utf8')) as unknown;
  } catch {
    throw new HttpError(400, 'The request is not valid JSON.');
  }
}

/** The body of a request, which fails as soon as it exceeds the limit. */
export function limited(request: IncomingMessage, most: number): Readable {
  const tooLong = new HttpError(413, `The request is larger than ${most.toLocaleString('en')} bytes.`);
  if (Number(request.headers['content-length'] ?? 0) > most) throw tooLong;
  let length = 0;
  const counter = new Transform({
    transform(piece: Buffer, _encoding, done) {
      length += piece.length;
      done(length > most ? tooLong : null, piece);
    },
  });
  // An interrupted upload must fail for its reader, not look like a short file.
  pipeline(request, counter).catch((error: unknown) => counter.destroy(error as Error));
  return counter;
}
