import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { deflateRawSync, crc32 } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { fetchElectron, reasonIn, withProxy, type FetchProgress } from '../../scripts/fetch-electron.js';
import { root } from '../support/processes.ts';
import { temporaryFolder } from '../support/texts.ts';

const servers: { close(): void; closeAllConnections(): void }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function listen(
  answer: Answer,
): Promise<{ readonly address: string; readonly server: ReturnType<typeof createServer> }> {
  const server = createServer(answer);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

/** An archive with one program that can be run. */
function archive(): Buffer {
  const name = Buffer.from('electron');
  const content = Buffer.from('#!/bin/sh\nexit 0\n');
  const packed = deflateRawSync(content);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(8, 4);
  common.writeUInt32LE(crc32(content), 10);
  common.writeUInt32LE(packed.length, 14);
  common.writeUInt32LE(content.length, 18);
  common.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, name, packed]);
  const tail = Buffer.alloc(14);
  tail.writeUInt32LE((0o100755 << 16) >>> 0, 6);
  const made = Buffer.from([20, 3]);
  const central = Buffer.concat([Buffer.from('PK\u0001\u0002'), made, common, tail, name]);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(local.length, 12);
  return Buffer.concat([local, central, Buffer.from('PK\u0005\u0006'), end]);
}

/** Electron's package in a separate folder, so that this project's is not changed. */
function packageCopy(): string {
  const place = join(temporaryFolder('electron-package'), 'node_modules');
  const folder = join(place, 'electron');
  mkdirSync(folder, { recursive: true });
  for (const file of ['package.json', 'install.js']) {
    cpSync(join(root, 'node_modules/electron', file), join(folder, file));
  }
  for (const scope of ['@electron', '@electron-internal']) {
    symlinkSync(join(root, 'node_modules', scope), join(place, scope));
  }
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  const sum = createHash('sha256').update(archive()).digest('hex');
  const name = `electron-v${version}-${process.platform}-${process.arch}.zip`;
  writeFileSync(join(folder, 'checksums.json'), JSON.stringify({ [name]: sum }));
  return folder;
}

function fetchFrom(address: string, env: NodeJS.ProcessEnv = {}, stall = 20_000) {
  const heard: FetchProgress[] = [];
  const folder = packageCopy();
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    ...{ ELECTRON_MIRROR: `${address}/`, electron_config_cache: temporaryFolder('cache') },
    ...{
      ELECTRON_OVERRIDE_DIST_PATH: undefined,
      HTTP_PROXY: '',
      HTTPS_PROXY: '',
      http_proxy: '',
      https_proxy: '',
    },
    ...env,
  };
  const options = {
    tell: (progress: FetchProgress) => heard.push(progress),
    stall,
    folder: () => folder,
    environment,
  };
  return { end: fetchElectron(process.execPath, options), heard, folder };
}

/** Sends all but the last byte, and that one on request. */
function sendSlowly(response: ServerResponse, isWanted: Promise<unknown>): void {
  const content = archive();
  response.writeHead(200, { 'content-length': content.length });
  response.write(content.subarray(0, -1));
  void isWanted.then(() => response.end(content.subarray(-1)));
}

describe.skipIf(process.platform !== 'linux')('fetching Electron', () => {
  test('reports progress, unpacks the archive, and finds the program', async () => {
    const isWanted = Promise.withResolvers<undefined>();
    const { address } = await listen((_request, response) => sendSlowly(response, isWanted.promise));
    const { end, heard, folder } = fetchFrom(address);
    const total = archive().length;
    await expect.poll(() => heard.at(-1)).toEqual({ got: total - 1, total, isWhole: false });
    isWanted.resolve(undefined);
    expect(await end).toEqual({ program: join(folder, 'dist/electron') });
    expect(heard.at(-1)).toEqual({ got: total, total, isWhole: true });
  });

  test('gives up when the download stalls, at any point', async () => {
    const { address } = await listen((_request, response) =>
      sendSlowly(response, new Promise(() => undefined)),
    );
    const { end, heard } = fetchFrom(address, {}, 2000);
    expect(await end).toEqual({ problem: 'nothing has arrived for 2 seconds' });
    expect(heard.length).toBeGreaterThan(0);
  });

  test('reports the server’s answer', async () => {
    const { address } = await listen((_request, response) => response.writeHead(404).end());
    expect(await fetchFrom(address).end).toEqual({
      problem: expect.stringMatching(/^Response code 404 \(Not Found\) for http:/) as unknown,
    });
  });

  test('reports a download with the wrong checksum', async () => {
    const { address } = await listen((_request, response) => response.end('an advertisement'));
    expect(await fetchFrom(address).end).toEqual({
      problem: expect.stringMatching(/checksum/i) as unknown,
    });
  });

  test('uses the proxy of the environment or of npm', async () => {
    const asked: string[] = [];
    const { address } = await listen((_request, response) => response.end(archive()));
    const proxy = await listen((request, response) => {
      asked.push(request.url ?? '');
      response.end(archive());
    });
    proxy.server.on('connect', (request, socket, head) => {
      asked.push(request.url ?? '');
      const { port } = new URL(address);
      const onward = connect(Number(port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        onward.write(head);
        onward.pipe(socket).pipe(onward);
      });
      onward.on('error', () => socket.destroy());
      socket.on('error', () => onward.destroy());
    });
    for (const name of ['HTTP_PROXY', 'npm_config_proxy']) {
      asked.length = 0;
      const end = await fetchFrom('http://mirror.example', { [name]: proxy.address }).end;
      expect(end, name).toHaveProperty('program');
      expect(asked[0], name).toContain('mirror.example');
    }
  });
});

test('a proxy is used only where one is configured, and not for excluded hosts', () => {
  expect(withProxy({ PATH: '/bin' })).toEqual({ PATH: '/bin' });
  expect(withProxy({ https_proxy: 'http://p:1', no_proxy: 'a.example' })).toMatchObject({
    ...{ HTTPS_PROXY: 'http://p:1', NO_PROXY: 'a.example', ELECTRON_GET_USE_PROXY: '1' },
  });
});

test.each([
  [
    'TypeError: fetch failed\n    at node:internal\n  [cause]: Error: getaddrinfo ENOTFOUND github.com\n      at x {\n    errno: -3008\n  }\n}\n',
    'getaddrinfo ENOTFOUND github.com',
  ],
  [
    'HTTPError: Response code 404 (Not Found) for http://a/\n    at b\n',
    'Response code 404 (Not Found) for http://a/',
  ],
  ['', 'its installer failed'],
])('the output of an installer is reported in a line: %j', (said, reason) => {
  expect(reasonIn(said)).toBe(reason);
});
