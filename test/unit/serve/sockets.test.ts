import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { startBrowserHost, type BrowserHost } from '../../../src/serve/browser-host.ts';
import { TransportWorkbench } from '../../support/transport-workbench.ts';

const pages = mkdtempSync(join(tmpdir(), 'charloom-sockets-'));
writeFileSync(join(pages, 'index.html'), '');

let host: BrowserHost;
let workbench: TransportWorkbench;
beforeEach(async () => {
  workbench = new TransportWorkbench();
  host = await startBrowserHost({ workbench: workbench.asWorkbench(), pages });
});
afterEach(() => host.close());

interface SocketCall {
  readonly token?: string;
  readonly origin?: string | undefined;
  readonly hostName?: string;
  readonly path?: string;
}

function socket(call: SocketCall = {}): WebSocket {
  const { token = host.token, path = '/streams' } = call;
  const origin = 'origin' in call ? call.origin : host.address;
  return new WebSocket(`${host.address.replace('http', 'ws')}${path}`, ['charloom', `token.${token}`], {
    ...(origin === undefined ? {} : { origin }),
    ...(call.hostName === undefined ? {} : { headers: { Host: call.hostName } }),
  });
}

/** The status with which a socket was refused. */
async function refusal(client: WebSocket): Promise<number | undefined> {
  client.on('error', () => undefined);
  const [, response] = (await once(client, 'unexpected-response')) as [unknown, { statusCode?: number }];
  return response.statusCode;
}

async function opened(client: WebSocket): Promise<WebSocket> {
  await once(client, 'open');
  return client;
}

async function nextFrame(client: WebSocket): Promise<unknown> {
  const [data] = (await once(client, 'message')) as [Buffer];
  return JSON.parse(data.toString('utf8')) as unknown;
}

const open = (engine: string, id = 0): string =>
  JSON.stringify({ frame: 'open', id, name: 'engines.test', params: { engine } });

describe('who gets a socket', () => {
  test('a page with the token, which is not sent back', async () => {
    const client = await opened(socket());
    expect(client.protocol).toBe('charloom');
    client.close();
  });

  test.each([
    ['a wrong token', { token: 'x' }, 401],
    ['another site', { origin: 'http://evil.example' }, 403],
    ['nobody who hides where they come from', { origin: undefined }, 403],
    ['a name that was pointed here', { hostName: 'rebound.evil.example' }, 403],
    ['another address', { path: '/elsewhere' }, 404],
    ['the token in the address', { token: 'x', path: '/streams?token=here' }, 401],
  ])('not %s', async (_name, call: SocketCall, status) => {
    expect(await refusal(socket(call))).toBe(status);
  });
});

describe('streams over a socket', () => {
  test('deliver items, and are aborted when the page closes', async () => {
    const client = await opened(socket());
    client.send(open('wasm'));
    expect(await nextFrame(client)).toEqual({
      frame: 'item',
      id: 0,
      item: { kind: 'log', line: 'testing wasm' },
    });
    client.terminate();
    await expect.poll(() => workbench.aborted).toEqual(['wasm']);
  });

  test('deliver failures as data', async () => {
    const client = await opened(socket());
    client.send(open('broken'));
    expect(await nextFrame(client)).toEqual({
      frame: 'failure',
      id: 0,
      failure: { code: 'check-failed', message: 'It does not pass.', fix: null },
    });
    client.send(JSON.stringify({ frame: 'open', id: 1, name: 'no.such', params: null }));
    expect(await nextFrame(client)).toMatchObject({ frame: 'failure', id: 1, failure: { code: 'usage' } });
    client.close();
  });

  test.each([
    ['no JSON', 'hello'],
    ['no frame', '{"frame":"shout"}'],
    ['a frame with more', '{"frame":"close","id":0,"x":1}'],
    ['an id that is none', '{"frame":"close","id":-1}'],
    ['bytes', Buffer.from('{"frame":"close","id":0}')],
  ])('a client that sends %s loses the connection', async (_name, message) => {
    const client = await opened(socket());
    client.send(open('wasm'));
    await nextFrame(client);
    client.send(message, { binary: typeof message !== 'string' });
    await once(client, 'close');
    await expect.poll(() => workbench.aborted).toEqual(['wasm']);
  });

  test('a message that is too long ends only its connection', async () => {
    const client = await opened(socket());
    client.on('error', () => undefined);
    client.send(Buffer.alloc(9 << 20, ' ').toString());
    const [code] = (await once(client, 'close')) as [number];
    expect(code).toBe(1009);
    (await opened(socket())).close();
  });

  test('a connection has a limit of streams', async () => {
    const client = await opened(socket());
    for (let id = 0; id <= 64; id++) client.send(open('wasm', id));
    await once(client, 'close');
    expect(workbench.opened).toHaveLength(64);
  });
});

test('closing the host ends its sockets and frees its port', async () => {
  const client = await opened(socket());
  const closed = once(client, 'close') as Promise<[number]>;
  await host.close();
  expect((await closed)[0]).toBe(1001);
  const { port } = new URL(host.address);
  host = await startBrowserHost({ workbench: workbench.asWorkbench(), pages, port: Number(port) });
});
