import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBrowserHost, type BrowserHost } from '../../../src/serve/browser-host.ts';
import { replySchema, type Reply } from '../../../src/shared/ipc/frames.ts';
import { contentSecurityPolicy } from '../../../src/shared/page-headers.ts';
import { httpCall, type Answer, type Call } from '../../support/http-call.ts';
import { TransportWorkbench } from '../../support/transport-workbench.ts';

const folder = mkdtempSync(join(tmpdir(), 'charloom-pages-'));
const pages = join(folder, 'pages');
mkdirSync(join(pages, 'assets'), { recursive: true });
writeFileSync(join(pages, 'index.html'), '<h1>Charloom</h1>');
writeFileSync(join(pages, 'assets', 'index-1a2b.js'), 'export {};');
writeFileSync(join(pages, '.hidden'), 'secret');
writeFileSync(join(folder, 'secret.html'), 'secret');

const workbench = new TransportWorkbench();
const defects: unknown[] = [];
let host: BrowserHost;

beforeAll(async () => {
  host = await startBrowserHost({
    workbench: workbench.asWorkbench(),
    pages,
    onDefect: (error) => defects.push(error),
  });
});
afterAll(() => host.close());

function call(request: Call): Promise<Answer> {
  return httpCall(host.address, request);
}

function authorized(more: Record<string, string> = {}): Record<string, string> {
  return { Authorization: `Bearer ${host.token}`, ...more };
}

const json = { 'Content-Type': 'application/json' };

function ask(name: string, params: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const all = { ...authorized(json), ...headers };
  return call({ path: `/api/${name}`, method: 'POST', headers: all, body: JSON.stringify(params) });
}

function replyIn({ body }: Answer): Reply {
  return replySchema.parse(JSON.parse(body));
}

describe('requests', () => {
  test('are answered by the workbench', async () => {
    const answer = await ask('settings.change', { theme: 'dark' });
    expect(answer.status).toBe(200);
    expect(replyIn(answer)).toMatchObject({ ok: true, value: { theme: 'dark', textSize: 1 } });
  });

  test('return failures as data', async () => {
    expect(replyIn(await ask('texts.forget', { text: 'novel' }))).toEqual({
      ok: false,
      failure: { code: 'not-found', message: 'There is no text "novel".', fix: 'Import it again.' },
    });
    expect(replyIn(await ask('texts.forget', { text: '../novel' }))).toMatchObject({
      failure: { code: 'usage' },
    });
    expect(replyIn(await ask('toString', null))).toMatchObject({ failure: { code: 'usage' } });
    expect(replyIn(await ask('__proto__', null))).toMatchObject({ failure: { code: 'usage' } });
  });

  test('describe defects without a stack', async () => {
    const answer = await ask('texts.forget', { text: 'defect' });
    expect(replyIn(answer)).toMatchObject({ failure: { code: 'defect' } });
    expect(answer.body).not.toContain('.ts');
    expect(defects).toHaveLength(1);
  });
});

describe('the token', () => {
  test.each([
    ['none', {}],
    ['another', { Authorization: 'Bearer AAAA' }],
    ['in another form', { Authorization: 'Basic AAAA' }],
  ])('%s: no data', async (_name, headers: Record<string, string>) => {
    for (const [path, method] of [
      ['/api/settings.get', 'POST'],
      ['/upload/text?name=a.txt', 'PUT'],
      ['/download/checkpoint?run=r&file=f&format=json', 'GET'],
      ['/download/export?ticket=t', 'GET'],
    ] as const) {
      const answer = await call({
        path,
        method,
        headers: { ...json, ...headers },
        body: method === 'GET' ? '' : 'null',
      });
      expect(answer.status).toBe(401);
    }
    expect(workbench.received).toEqual([]);
  });

  test('is never taken from an address', async () => {
    const path = `/api/settings.get?token=${host.token}`;
    expect((await call({ path, method: 'POST', headers: json, body: 'null' })).status).toBe(401);
  });

  test('is in the fragment of the address to open, which no request contains', () => {
    const address = new URL(host.addressWithToken);
    expect(address.hash).toBe(`#token=${host.token}`);
    expect(address.origin + address.pathname + address.search).not.toContain(host.token);
  });
});

describe('Host and Origin', () => {
  test('a foreign name that resolves to this server gets nothing, not even the pages', async () => {
    const rebound = { Host: 'rebound.evil.example' };
    expect((await call({ path: '/', headers: rebound })).status).toBe(403);
    expect((await ask('settings.get', null, rebound)).status).toBe(403);
  });

  test('a page of another site gets nothing, even with the token', async () => {
    for (const Origin of [
      'http://evil.example',
      'null',
      `${host.address}.evil.example`,
      'http://127.0.0.1:1',
    ]) {
      expect((await ask('settings.get', null, { Origin })).status).toBe(403);
    }
    expect((await ask('settings.get', null, { Origin: host.address })).status).toBe(200);
  });

  test('a form of another site cannot even be read', async () => {
    const type = { 'Content-Type': 'text/plain' };
    expect((await ask('settings.get', null, type)).status).toBe(415);
  });
});

describe('pages', () => {
  test('come with the policy, and with nothing that lets another site in', async () => {
    const answer = await call({ path: '/' });
    expect([answer.status, answer.body]).toEqual([200, '<h1>Charloom</h1>']);
    expect(answer.headers).toMatchObject({
      'content-security-policy': contentSecurityPolicy(),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-cache',
    });
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    expect((await call({ path: '/assets/index-1a2b.js' })).headers['cache-control']).toContain('immutable');
  });

  test.each([
    '/../secret.html',
    '/%2e%2e/secret.html',
    '/..%2fsecret.html',
    '/assets/..%2f..%2fsecret.html',
    '/..%5csecret.html',
    '/.hidden',
    '//etc/passwd',
    '/assets',
    '/%00',
    '/%E0%A4%A',
    'http://evil.example/',
  ])('%s leads nowhere', async (path) => {
    const answer = await call({ path });
    expect(answer.body).not.toContain('secret');
    expect([200, 301, 302]).not.toContain(answer.status);
  });

  test('are not sent again while they are unchanged', async () => {
    const { headers } = await call({ path: '/' });
    const again = await call({ path: '/', headers: { 'If-None-Match': headers['etag'] ?? '' } });
    expect([again.status, again.body]).toEqual([304, '']);
    writeFileSync(join(pages, 'index.html'), '<h1>Built anew</h1>');
    const anew = await call({ path: '/', headers: { 'If-None-Match': headers['etag'] ?? '' } });
    expect([anew.status, anew.body]).toEqual([200, '<h1>Built anew</h1>']);
    writeFileSync(join(pages, 'index.html'), '<h1>Charloom</h1>');
    const head = await call({ path: '/', method: 'HEAD' });
    expect([head.status, head.body, head.headers['content-length']]).toEqual([200, '', '17']);
  });

  test('answer other methods with what is allowed', async () => {
    expect((await call({ path: '/', method: 'DELETE' })).status).toBe(405);
    expect((await call({ path: '/api/settings.get', headers: authorized() })).headers['allow']).toBe('POST');
  });
});

describe('bodies', () => {
  test('that are no JSON are refused', async () => {
    const answer = await call({
      path: '/api/settings.get',
      method: 'POST',
      headers: authorized(json),
      body: '{',
    });
    expect(answer.status).toBe(400);
  });

  test('that are too long are refused before they are read, whether they say so or not', async () => {
    const announced = await call({
      path: '/api/settings.get',
      method: 'POST',
      headers: authorized({ ...json, 'Content-Length': String(1 << 30) }),
    }).catch((error: unknown) => error);
    // A client that keeps sending only sees the connection end.
    if (!(announced instanceof Error)) expect(announced).toMatchObject({ status: 413 });
    const silent = { ...authorized(json), 'Transfer-Encoding': 'chunked' };
    const sent = call({
      path: '/api/settings.get',
      method: 'POST',
      headers: silent,
      body: Buffer.alloc(5 << 20, 'x'),
    }).catch((error: unknown) => error);
    const answer = await sent;
    if (!(answer instanceof Error)) expect(answer).toMatchObject({ status: 413 });
    expect((await ask('settings.get', null)).status).toBe(200);
  });

  test('an upload arrives complete, under a plain name', async () => {
    const body = Buffer.alloc(300_000, 'a');
    const answer = await call({
      path: `/upload/text?${new URLSearchParams({ name: '..\\books/novel.txt' }).toString()}`,
      method: 'PUT',
      headers: authorized(),
      body,
    });
    expect(replyIn(answer)).toMatchObject({ ok: true, value: { title: 'novel.txt', bytes: 300_000 } });
  });

  test('an incomplete upload is no text', async () => {
    const { hostname, port } = new URL(host.address);
    const before = workbench.received.length;
    const socket = connect(Number(port), hostname);
    socket.write(
      `PUT /upload/text?name=half.txt HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAuthorization: Bearer ${host.token}\r\n` +
        'Content-Length: 1000\r\n\r\nhalf',
    );
    await new Promise((resolve) => socket.write('.', resolve));
    socket.destroy();
    await expect.poll(() => defects.length).toBeGreaterThan(0);
    expect(workbench.received).toHaveLength(before);
  });

  test('an upload needs a name and a purpose', async () => {
    for (const path of ['/upload/text', '/upload/text?name=..', '/upload/elsewhere?name=a']) {
      const { status } = await call({ path, method: 'PUT', headers: authorized(), body: 'x' });
      expect([400, 404]).toContain(status);
    }
  });
});

describe('downloads', () => {
  test('contain a checkpoint as a file', async () => {
    const path = '/download/checkpoint?run=r&file=lm.safetensors&format=safetensors';
    const answer = await call({ path, headers: authorized() });
    expect([answer.status, answer.body]).toEqual([200, 'r lm.safetensors safetensors']);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment',
      'cache-control': 'no-store',
    });
  });

  test('contain an export by its ticket, while it exists', async () => {
    const answer = await call({ path: '/download/export?ticket=one', headers: authorized() });
    expect([answer.status, answer.body]).toEqual([200, 'export one']);
    expect(answer.headers).toMatchObject({
      'content-disposition': 'attachment',
      'cache-control': 'no-store',
    });
    const gone = await call({ path: '/download/export?ticket=none', headers: authorized() });
    expect([gone.status, replyIn(gone)]).toMatchObject([404, { failure: { code: 'not-found' } }]);
    const path = await call({ path: '/download/export?ticket=..%2Fone', headers: authorized() });
    expect(path.status).toBe(400);
  });

  test('report missing files, and accept no path', async () => {
    const missing = await call({
      path: '/download/checkpoint?run=none&file=f&format=json',
      headers: authorized(),
    });
    expect([missing.status, replyIn(missing)]).toMatchObject([404, { failure: { code: 'not-found' } }]);
    for (const query of [
      'run=..&file=f',
      'run=r&file=../f',
      'run=r&file=a%2Fb',
      'run=r',
      'run=r&file=f&x=1',
    ]) {
      const path = `/download/checkpoint?${query}&format=json`;
      expect((await call({ path, headers: authorized() })).status).toBe(400);
    }
  });
});
