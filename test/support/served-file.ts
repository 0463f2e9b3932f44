import type { IncomingMessage, ServerResponse } from 'node:http';

/** How a file is served from now on; each can be changed between requests. */
export interface ServingManners {
  /** Bytes after which everybody's connection but the courier's is cut, each time; undefined lets everything through. */
  cutAfter: number | (() => number) | undefined;
  /** Bytes after which nothing more is sent, and the connection left open. */
  holdAfter: number | undefined;
  /** Whether a request for a range gets that range, or everything again. */
  ranges: boolean;
  /** Bytes by which ranges start too late. */
  rangesLate: number;
  /** Whether everybody's connection but the courier's is cut before an answer. */
  silent: boolean;
  /** Whether only the courier is served. */
  courierOnly: boolean;
}

/** A request for the file: who asked, from which byte on. */
export interface FileRequest {
  readonly agent: string;
  readonly from: number;
}

export interface ServedFile {
  readonly bytes: Buffer;
  readonly manners: ServingManners;
  /** Grows with every request. */
  readonly requests: FileRequest[];
  /** The package manager that knows its way here, as it calls itself: pip or npm. */
  readonly courier: string;
}

/** Gives everybody everything. */
export function politeManners(): ServingManners {
  return {
    cutAfter: undefined,
    holdAfter: undefined,
    ranges: true,
    rangesLate: 0,
    silent: false,
    courierOnly: false,
  };
}

/** Serves a file like a registry, with any configured behaviour. */
export async function serveFile(
  { bytes, manners, requests, courier }: ServedFile,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const agent = (request.headers['user-agent'] ?? '').split('/')[0] ?? '';
  const asked = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
  requests.push({ agent, from: asked });
  if (manners.courierOnly && agent !== courier) {
    response.writeHead(403).end();
    return;
  }
  if (manners.silent && agent !== courier) {
    response.destroy();
    return;
  }
  const from = manners.ranges ? asked + (asked > 0 ? manners.rangesLate : 0) : 0;
  const rest = bytes.subarray(from);
  const headers = { 'content-length': rest.length, 'content-type': 'application/octet-stream' };
  if (from > 0) {
    const range = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
    response.writeHead(206, { ...headers, 'content-range': range });
  } else response.writeHead(200, headers);
  const { cutAfter: given } = manners;
  const cutAfter = agent === courier ? undefined : typeof given === 'function' ? given() : given;
  const end = Math.min(rest.length, cutAfter ?? rest.length);
  response.flushHeaders();
  const held = manners.holdAfter;
  for (let sent = 0; sent < end;) {
    const piece = rest.subarray(sent, Math.min(end, sent + 65_536));
    await new Promise<void>((resolve) => {
      response.write(piece, () => {
        resolve();
      });
    });
    if (response.destroyed) return;
    sent += piece.length;
    if (held !== undefined && sent >= held) return;
  }
  if (end < rest.length) response.destroy();
  else response.end();
}
