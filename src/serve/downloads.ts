import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { CharloomError } from '../shared/errors.ts';
import { failureOf } from '../shared/ipc/failures.ts';
import { nameSchema } from '../shared/domain/common.ts';
import { HttpError, sendReply } from './replies.ts';
import type { CheckpointContent } from '../workbench/workbench-types.ts';
import type { ServerOptions } from './server-options.ts';

const querySchema = z.strictObject({
  run: nameSchema,
  file: nameSchema,
  format: z.enum(['safetensors', 'json']),
});

const exportQuery = z.strictObject({ ticket: nameSchema });

/**
 * Sends a checkpoint or its description, `GET /download/checkpoint?run=...&file=...&format=...`, or what the stream `models.export` has
 * made, `GET /download/export?ticket=...`.
 */
export async function sendDownload(
  response: ServerResponse,
  address: URL,
  { workbench }: ServerOptions,
): Promise<void> {
  const words = Object.fromEntries(address.searchParams);
  switch (address.pathname) {
    case '/download/checkpoint': {
      const query = querySchema.safeParse(words);
      if (!query.success) throw new HttpError(400, 'Not the address of a checkpoint.');
      const { run, file, format } = query.data;
      return send(response, () => workbench.openCheckpoint(run, file, format));
    }
    case '/download/export': {
      const query = exportQuery.safeParse(words);
      if (!query.success) throw new HttpError(400, 'This does not name an export.');
      return send(response, () => workbench.openExport(query.data.ticket));
    }
    default:
      throw new HttpError(404, 'Not found.');
  }
}

async function send(response: ServerResponse, open: () => Promise<CheckpointContent>): Promise<void> {
  try {
    const content = await open();
    response.writeHead(200, {
      'Content-Type': content.name.endsWith('.json') ? 'application/json' : 'application/octet-stream',
      'Content-Length': content.bytes,
      'Content-Disposition': 'attachment',
      'Cache-Control': 'no-store',
    });
    // A client that disconnects ends the pipeline; there is no one left to inform.
    await pipeline(content.stream, response).catch(() => undefined);
  } catch (error) {
    if (!(error instanceof CharloomError)) throw error;
    sendReply(response, { ok: false, failure: failureOf(error) }, 404);
  }
}
