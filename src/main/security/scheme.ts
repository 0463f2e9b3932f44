import type { Protocol } from 'electron';
import { readPageFile } from '../../node/files/page-file.ts';
import { pageHeaders } from '../../shared/page-headers.ts';

/** The pages' own scheme: an origin of their own, with none of the powers of file:. */
export const scheme = 'app';
export const host = 'charloom';

/** Makes the scheme known; only before the application is ready. */
export function registerScheme(protocol: Pick<Protocol, 'registerSchemesAsPrivileged'>): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Answers the scheme's addresses out of one folder. */
export function servePages(protocol: Pick<Protocol, 'handle'>, folder: string): void {
  protocol.handle(scheme, (request) => answerPage(request, folder));
}

/** Answers one address: GET alone, our host alone, files inside the folder alone. */
export async function answerPage(
  request: Pick<Request, 'method' | 'url'>,
  folder: string,
): Promise<Response> {
  if (request.method !== 'GET') return plainAnswer(405, 'Only GET works here.');
  const url = URL.parse(request.url);
  const isOurs = url?.protocol === `${scheme}:` && url.host === host;
  const file = isOurs ? await readPageFile(folder, url.pathname) : undefined;
  if (file === undefined) return notFound();
  return new Response(file.content, { headers: { ...pageHeaders(), 'Content-Type': file.contentType } });
}

function notFound(): Response {
  return plainAnswer(404, 'There is nothing at this address.');
}

function plainAnswer(status: number, text: string): Response {
  return new Response(text, { status, headers: { ...pageHeaders(), 'Content-Type': 'text/plain' } });
}
