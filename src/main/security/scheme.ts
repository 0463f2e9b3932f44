import type { Protocol } from 'electron';
import { readPageFile } from '../../node/files/page-file.ts';
import { graphicsHeaders, pageHeaders } from '../../shared/page-headers.ts';

/** The pages' own scheme, which gives them an origin of their own without the privileges of file:. */
export const scheme = 'app';
export const host = 'charloom';

/** An origin of the scheme: its host, and the headers of all its responses. */
interface Site {
  readonly host: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The application's pages. */
const pages: Site = { host, headers: pageHeaders() };
/** The page of the hidden window that computes on the graphics card. */
export const graphicsSite: Site = { host: 'graphics', headers: graphicsHeaders() };
/** Its address. */
export const graphicsAddress = `${scheme}://${graphicsSite.host}/index.html`;

/** Registers the scheme; only possible before the application is ready. */
export function registerScheme(protocol: Pick<Protocol, 'registerSchemesAsPrivileged'>): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Serves one site of the scheme from one folder. */
export function servePages(protocol: Pick<Protocol, 'handle'>, folder: string, site = pages): void {
  protocol.handle(scheme, (request) => answerPage(request, folder, site));
}

/** Answers one address: only GET, only the site's host, only files inside the folder. */
export async function answerPage(
  request: Pick<Request, 'method' | 'url'>,
  folder: string,
  site = pages,
): Promise<Response> {
  if (request.method !== 'GET') return plainAnswer(405, 'Only GET is supported.', site);
  const url = URL.parse(request.url);
  const isOurs = url?.protocol === `${scheme}:` && url.host === site.host;
  const file = isOurs ? await readPageFile(folder, url.pathname) : undefined;
  if (file === undefined) return plainAnswer(404, 'Not found.', site);
  return new Response(file.content, { headers: { ...site.headers, 'Content-Type': file.contentType } });
}

function plainAnswer(status: number, text: string, { headers }: Site): Response {
  return new Response(text, { status, headers: { ...headers, 'Content-Type': 'text/plain' } });
}
