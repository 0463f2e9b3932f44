import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { CharloomError } from '../shared/errors.ts';
import { failureOf } from '../shared/ipc/failures.ts';
import { nameSchema } from '../shared/domain/common.ts';
import { HttpError, sendReply } from './replies.ts';
import type { ServerOptions } from './server-options.ts';

const querySchema = z.strictObject({
  run: nameSchema,
  file: nameSchema,
  format: z.enum(['safetensors', 'json']),
});

/** Sends a checkpoint, or its description: `GET /download/checkpoint?run=...&file=...&format=...`. */
export async function sendCheckpoint(
  response: ServerResponse,
  address: URL,
  { workbench }: ServerOptions,
): Promise<void> {
  if (address.pathname !== '/download/checkpoint')
    throw new HttpError(404, 'There is nothing at this address.');
  const query = querySchema.safeParse(Object.fromEntries(address.searchParams));
  if (!query.success) throw new HttpError(400, 'This does not name a checkpoint.');
  const { run, file, format } = query.data;
  try {
    const content = await workbench.openCheckpoint(run, file, format);
    response.writeHead(200, {
      'Content-Type': format === 'json' ? 'application/json' : 'application/octet-stream',
      'Content-Length': content.bytes,
      'Content-Disposition': 'attachment',
      'Cache-Control': 'no-store',
    });
    // A reader that goes away ends the pipeline; nobody is left to be told.
    await pipeline(content.stream, response).catch(() => undefined);
  } catch (error) {
    if (!(error instanceof CharloomError)) throw error;
    sendReply(response, { ok: false, failure: failureOf(error) }, 404);
  }
}
