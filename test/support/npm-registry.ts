import { createHash, randomBytes } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { PinnedFile, WebgpuRelease } from '../../src/node/webgpu/installation/release.ts';
import { politeManners, serveFile, type FileRequest, type ServingManners } from './served-file.ts';

/** A package registry with one package, on loopback: what npm really talks to. */
export interface NpmRegistry {
  readonly address: string;
  readonly manners: ServingManners;
  /** The package, as Charloom would pin it. */
  readonly release: WebgpuRelease;
  readonly tarball: Buffer;
  /** Requests for the tarball. */
  readonly requests: readonly FileRequest[];
  close(): Promise<void>;
}

const project = 'charloom-card-probe';
const version = '1.2.3';
const here = `${process.platform}-${process.arch}`;

/**
 * Starts a registry whose package has files for this platform, `size` random bytes of them, and for another one.
 */
export async function startNpmRegistry(size: number): Promise<NpmRegistry> {
  const contents = new Map([
    ['package.json', Buffer.from(JSON.stringify({ name: project, version }))],
    ['LICENSE.md', Buffer.from('Use it as you like.\n')],
    [`dist/${here}/dawn.node`, randomBytes(size)],
    ['dist/elsewhere/dawn.node', randomBytes(100_000)],
  ]);
  const tarball = pack(contents);
  const manners = politeManners();
  const requests: FileRequest[] = [];
  const server = createServer((request, response) => {
    // A proxy is asked for whole addresses.
    const path = new URL(request.url ?? '', 'http://registry').pathname;
    if (path.endsWith('.tgz'))
      void serveFile({ bytes: tarball, manners, requests, courier: 'npm' }, request, response);
    else if (path === `/${project}`) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(describe(tarball, `http://${request.headers.host}`)));
    } else response.writeHead(404).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}/`,
    manners,
    release: releaseOf(contents, tarball),
    tarball,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The environment in which npm knows this registry and nothing else of this machine. */
export function npmEnvironment(address: string, cache: string): Record<string, string> {
  return {
    npm_config_registry: address,
    npm_config_userconfig: join(cache, 'npmrc'),
    npm_config_globalconfig: join(cache, 'global-npmrc'),
    npm_config_cache: cache,
    npm_config_fetch_retries: '0',
    npm_config_update_notifier: 'false',
  };
}

function releaseOf(contents: ReadonlyMap<string, Buffer>, tarball: Buffer): WebgpuRelease {
  const pinned = (path: string): PinnedFile => ({
    path,
    sha256: createHash('sha256')
      .update(contents.get(path) ?? '')
      .digest('hex'),
  });
  return {
    project,
    version,
    integrity: integrityOf(tarball),
    tarballBytes: tarball.length,
    files: { [here]: [pinned(`dist/${here}/dawn.node`), pinned('LICENSE.md')] },
  };
}

function integrityOf(tarball: Buffer): string {
  return createHash('sha512').update(tarball).digest('base64');
}

/** What a registry says of a package. */
function describe(tarball: Buffer, registry: string): unknown {
  const dist = {
    tarball: `${registry}/${project}/-/${project}-${version}.tgz`,
    integrity: `sha512-${integrityOf(tarball)}`,
    shasum: createHash('sha1').update(tarball).digest('hex'),
  };
  return {
    name: project,
    'dist-tags': { latest: version },
    versions: { [version]: { name: project, version, dist } },
  };
}

/** A tarball as npm makes them: everything in a folder `package`. */
function pack(contents: ReadonlyMap<string, Buffer>): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'charloom-tarball-'));
  try {
    for (const [path, bytes] of contents) {
      const file = join(folder, 'package', path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, bytes);
    }
    execFileSync('tar', ['-czf', join(folder, 'all.tgz'), '-C', folder, 'package']);
    return readFileSync(join(folder, 'all.tgz'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
