import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { pageHeaders } from '../shared/page-headers.ts';
import { answer } from '../shared/ipc/answer.ts';
import type { Access } from './access.ts';
import { readJson } from './bodies.ts';
import { sendDownload } from './downloads.ts';
import { HttpError, sendError, sendReply } from './replies.ts';
import type { ServerOptions } from './server-options.ts';
import { receiveUpload } from './uploads.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, address: URL) => Promise<void>;

/** The HTTP part of the browser host: pages for everyone, data for holders of the token. */
export function createHttpServer(options: ServerOptions): Server {
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(pageHeaders())) response.setHeader(name, value);
    serve(request, response, options).catch((error: unknown) => {
      if (!(error instanceof HttpError)) options.onDefect(error);
      sendError(request, response, error);
    });
  });
  // A long upload may take any time; headers may not.
  server.requestTimeout = 0;
  server.headersTimeout = 20_000;
  return server;
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  options: ServerOptions,
): Promise<void> {
  const address = URL.parse(request.url ?? '/', 'http://charloom');
  if (address === null) throw new HttpError(400, 'Not found.');
  if (!options.access.knowsHost(request.headers.host)) {
    throw new HttpError(403, 'Charloom does not accept requests under this host name.');
  }
  const handler = handlerFor(request, address, options);
  if (handler === undefined) return options.pages(request, response);
  checkAccess(request, options.access);
  await handler(request, response, address);
}

/** The handler of a request for data; undefined for the pages. */
function handlerFor(
  request: IncomingMessage,
  { pathname }: URL,
  options: ServerOptions,
): Handler | undefined {
  const [, area = '', name = ''] = pathname.split('/');
  switch (area) {
    case 'api':
      return allow(request, 'POST', async (_request, response) => {
        const { requests } = options.workbench.handlers;
        sendReply(response, await answer(requests, name, await readJson(request), options.onDefect));
      });
    case 'upload':
      return allow(request, 'PUT', (_request, response, address) =>
        receiveUpload(request, response, { name, address, options }),
      );
    case 'download':
      return allow(request, 'GET', (_request, response, address) => sendDownload(response, address, options));
    default:
      return undefined;
  }
}

function allow(request: IncomingMessage, method: string, handler: Handler): Handler {
  if (request.method === method) return handler;
  return (_request, response) => {
    response.setHeader('Allow', method);
    return Promise.reject(new HttpError(405, `Only ${method} is supported.`));
  };
}

function checkAccess({ headers }: IncomingMessage, access: Access): void {
  const token = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1];
  const refusal = access.refusal({ host: headers.host, origin: headers.origin, token });
  switch (refusal) {
    case undefined:
      return;
    case 'no-token':
      throw new HttpError(401, 'The access key is missing or expired.');
    case 'wrong-host':
    case 'wrong-origin':
      throw new HttpError(403, 'This request comes from another site.');
  }
}
