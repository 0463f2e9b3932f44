import { readFile } from 'node:fs/promises';
import { extname, isAbsolute, join, relative } from 'node:path';
import type { Protocol } from 'electron';
import { pageHeaders } from '../../shared/page-headers.ts';

/** The pages' own scheme: an origin of their own, with none of the powers of file:. */
export const scheme = 'app';
export const host = 'charloom';

/** What the pages consist of; nothing else is served. */
const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

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
  const file = fileOf(request.url, folder);
  const contentType = file === undefined ? undefined : contentTypes[extname(file)];
  if (file === undefined || contentType === undefined) return notFound();
  try {
    const content = await readFile(file);
    return new Response(content, { headers: { ...pageHeaders(), 'Content-Type': contentType } });
  } catch {
    return notFound();
  }
}

function fileOf(address: string, folder: string): string | undefined {
  const url = URL.parse(address);
  if (url === null || url.protocol !== `${scheme}:` || url.host !== host) return undefined;
  const path = decoded(url.pathname);
  if (path === undefined || /[\\\0]/.test(path)) return undefined;
  const file = join(folder, path);
  const inside = relative(folder, file);
  return inside === '' || inside.startsWith('..') || isAbsolute(inside) ? undefined : file;
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

function notFound(): Response {
  return plainAnswer(404, 'There is nothing at this address.');
}

function plainAnswer(status: number, text: string): Response {
  return new Response(text, { status, headers: { ...pageHeaders(), 'Content-Type': 'text/plain' } });
}
