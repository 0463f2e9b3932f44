import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { readPageFile } from '../node/files/page-file.ts';
import { CharloomError } from '../shared/errors.ts';
import { HttpError } from './replies.ts';

export type PageServer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const start = '/index.html';
const base = 'http://charloom';
const gone =
  'Charloom’s pages are missing: they are being rebuilt or were removed. Try again in a moment. If this continues, ' +
  'run `npm run build`. Training is not affected.';

/**
 * Serves the built pages in their current state: they may be rebuilt or removed while the host runs. Names of built assets contain a hash of their content
 * and may be cached permanently.
 */
export function servePages(folder: string): PageServer {
  if (!existsSync(join(folder, start))) {
    throw new CharloomError('not-found', 'The pages of the workbench are not built.', {
      fix: 'Run `npm run build`.',
    });
  }
  return async (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      throw new HttpError(405, 'Only GET is supported.');
    }
    const path = pathOf(request.url ?? '/');
    const file = path === undefined ? undefined : await readPageFile(folder, path);
    if (path === undefined || file === undefined) return answerMissing(response, folder);
    const tag = `"${createHash('sha256').update(file.content).digest('base64url')}"`;
    response.setHeader('ETag', tag);
    response.setHeader('Cache-Control', cachingOf(path));
    if (request.headers['if-none-match'] === tag) {
      response.writeHead(304).end();
      return;
    }
    response.writeHead(200, { 'Content-Type': file.contentType, 'Content-Length': file.content.length });
    response.end(request.method === 'HEAD' ? undefined : file.content);
  };
}

/** Undefined for an address with another host: this is not a proxy. */
function pathOf(address: string): string | undefined {
  const url = URL.parse(address, base);
  if (url === null || url.origin !== base) return undefined;
  return url.pathname === '/' ? start : url.pathname;
}

function cachingOf(path: string): string {
  return path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
}

/** The file never existed, or all built pages are missing at the moment. */
function answerMissing(response: ServerResponse, folder: string): void {
  const isThere = existsSync(join(folder, start));
  response.writeHead(isThere ? 404 : 503, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
    ...(isThere ? {} : { 'Retry-After': '5' }),
  });
  response.end(isThere ? 'Not found.' : gone);
}
