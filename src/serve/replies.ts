import type { IncomingMessage, ServerResponse } from 'node:http';
import { CharloomError } from '../shared/errors.ts';
import { failureOf } from '../shared/ipc/failures.ts';
import type { Reply } from '../shared/ipc/frames.ts';

/** A request that is refused before it reaches the workbench. */
export class HttpError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Sends a reply as JSON. */
export function sendReply(response: ServerResponse, reply: Reply, status = 200): void {
  const body = JSON.stringify(reply);
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
  });
  response.end(body);
}

/** Answers with an error; the rest of the request's body is not read, so the connection is closed. */
export function sendError(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (!request.complete) response.setHeader('Connection', 'close');
  const refused = error instanceof HttpError;
  const failure = failureOf(refused ? new CharloomError('usage', error.message) : error);
  sendReply(response, { ok: false, failure }, refused ? error.status : 500);
}
