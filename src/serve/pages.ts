import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import sirv from 'sirv';
import { CharloomError } from '../shared/errors.ts';
import { HttpError } from './replies.ts';

export type PageServer = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Serves the built pages. The folder is listed once: an address is looked up in that list and never becomes a path, so none leads out.
 * Names of built assets hold a digest of their content and may be kept for good.
 */
export function servePages(folder: string): PageServer {
  if (!existsSync(join(folder, 'index.html'))) {
    throw new CharloomError('not-found', 'The pages of the workbench are not built.', {
      fix: 'Run `npm run build`.',
    });
  }
  const serve = sirv(folder, {
    etag: true,
    setHeaders: (response, path) => {
      const kept = path.startsWith('/assets/');
      response.setHeader('Cache-Control', kept ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  return (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      throw new HttpError(405, 'Only GET works here.');
    }
    serve(request, response, () => {
      response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' });
      response.end('There is nothing at this address.');
    });
  };
}
