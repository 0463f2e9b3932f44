import { createHash, randomBytes } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { politeManners, serveFile, type FileRequest, type ServingManners } from './served-file.ts';

/** A package index with one wheel, on loopback: what pip really talks to. */
export interface PackageIndex {
  readonly address: string;
  readonly manners: ServingManners;
  readonly wheel: { readonly project: string; readonly version: string; readonly sha256: string };
  readonly bytes: Buffer;
  /** Requests for the wheel itself: who asked, from which byte on. */
  readonly requests: readonly FileRequest[];
  close(): Promise<void>;
}

const fileName = 'charloom_probe-1.0-py3-none-any.whl';
const description = 'Metadata-Version: 2.1\nName: charloom-probe\nVersion: 1.0\n';

/** Starts an index whose wheel has `size` random bytes inside. */
export async function startPackageIndex(size: number): Promise<PackageIndex> {
  const bytes = makeWheel(size);
  const sha256 = hash(bytes);
  const manners = politeManners();
  const requests: FileRequest[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    if (path.startsWith('/simple/')) {
      response.writeHead(200, { 'content-type': 'text/html' }).end(listing(sha256));
    } else if (path.endsWith('.whl'))
      void serveFile({ bytes, manners, requests, courier: 'pip' }, request, response);
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
