import { createHash, randomBytes } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How the index behaves from now on; each can be changed between requests. */
export interface IndexManners {
  /** Bytes after which everybody's connection but pip's is cut, each time; undefined lets everything through. */
  cutAfter: number | (() => number) | undefined;
  /** Whether a request for a range gets that range, or everything again. */
  ranges: boolean;
  /** Bytes by which ranges begin too late. */
  rangesLate: number;
  /** Whether everybody's connection but pip's is cut before an answer. */
  silent: boolean;
  /** Whether only pip (as it calls itself) is served. */
  pipOnly: boolean;
}

/** A package index with one wheel, on loopback: what pip really talks to. */
export interface PackageIndex {
  readonly address: string;
  readonly manners: IndexManners;
  readonly wheel: { readonly project: string; readonly version: string; readonly sha256: string };
  readonly bytes: Buffer;
  /** Requests for the wheel itself: who asked, from which byte on. */
  readonly requests: { readonly agent: string; readonly from: number }[];
  close(): Promise<void>;
}

const fileName = 'charloom_probe-1.0-py3-none-any.whl';
const description = 'Metadata-Version: 2.1\nName: charloom-probe\nVersion: 1.0\n';

/** Starts an index whose wheel has `size` random bytes inside. */
export async function startPackageIndex(size: number): Promise<PackageIndex> {
  const bytes = makeWheel(size);
  const sha256 = hash(bytes);
  const manners: IndexManners = {
    cutAfter: undefined,
    ranges: true,
    rangesLate: 0,
    silent: false,
    pipOnly: false,
  };
  const requests: { agent: string; from: number }[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    if (path.startsWith('/simple/')) {
      response.writeHead(200, { 'content-type': 'text/html' }).end(listing(sha256));
    } else if (path.endsWith('.whl')) void serveWheel({ bytes, manners, requests }, request, response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}/simple/`,
    manners,
    wheel: { project: 'charloom-probe', version: '1.0', sha256 },
    bytes,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function serveWheel(
  { bytes, manners, requests }: Pick<PackageIndex, 'bytes' | 'manners' | 'requests'>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const agent = (request.headers['user-agent'] ?? '').split('/')[0] ?? '';
  const asked = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
  requests.push({ agent, from: asked });
  if (manners.pipOnly && agent !== 'pip') {
    response.writeHead(403).end();
    return;
  }
  if (manners.silent && agent !== 'pip') {
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
  const cutAfter = agent === 'pip' ? undefined : typeof given === 'function' ? given() : given;
  const end = Math.min(rest.length, cutAfter ?? rest.length);
  response.flushHeaders();
  for (let sent = 0; sent < end;) {
    const piece = rest.subarray(sent, Math.min(end, sent + 65_536));
    await new Promise<void>((resolve) => {
      response.write(piece, () => {
        resolve();
      });
    });
    if (response.destroyed) return;
    sent += piece.length;
  }
  if (end < rest.length) response.destroy();
  else response.end();
}

function listing(sha256: string): string {
  return `<!DOCTYPE html><a href="/files/${fileName}#sha256=${sha256}">${fileName}</a>`;
}

function makeWheel(size: number): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'charloom-wheel-'));
  try {
    const payload = join(folder, 'payload');
    const wheel = join(folder, fileName);
    writeFileSync(payload, randomBytes(size));
    const script = [
      'import sys, zipfile',
      'with zipfile.ZipFile(sys.argv[1], "w") as wheel:',
      '    wheel.write(sys.argv[2], "charloom_probe/payload")',
      '    wheel.writestr("charloom_probe-1.0.dist-info/METADATA", sys.argv[3])',
      '    wheel.writestr("charloom_probe-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")',
      '    wheel.writestr("charloom_probe-1.0.dist-info/RECORD", "")',
    ];
    execFileSync('python3', ['-c', script.join('\n'), wheel, payload, description]);
    return readFileSync(wheel);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function hash(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
