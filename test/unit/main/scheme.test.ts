import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { answerPage, graphicsSite } from '../../../src/main/security/scheme.ts';
import { contentSecurityPolicy, graphicsPolicy } from '../../../src/shared/page-headers.ts';

const outside = mkdtempSync(join(tmpdir(), 'charloom-scheme-'));
const folder = join(outside, 'pages');
mkdirSync(join(folder, 'assets'), { recursive: true });
writeFileSync(join(folder, 'index.html'), '<h1>Charloom</h1>');
writeFileSync(join(folder, 'assets', 'a b.js'), 'export {};');
writeFileSync(join(folder, 'notes.secret'), 'secret');
writeFileSync(join(outside, 'secret.html'), 'secret');
writeFileSync(join(outside, 'pages-secret.html'), 'secret');

function get(url: string, method = 'GET'): Promise<Response> {
  return answerPage({ url, method }, folder);
}

describe('item 18: a scheme of its own instead of file:', () => {
  test('serves pages with the policy and their type', async () => {
    const response = await get('app://charloom/index.html');
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('Content-Security-Policy')).toBe(contentSecurityPolicy());
    expect(await response.text()).toBe('<h1>Charloom</h1>');
    expect((await get('app://charloom/assets/a%20b.js?v=1')).status).toBe(200);
  });

  test.each([
    'app://charloom/../secret.html',
    'app://charloom/%2e%2e/secret.html',
    'app://charloom/..%2fsecret.html',
    'app://charloom/assets/..%2f..%2fsecret.html',
    'app://charloom/..%5csecret.html',
    'app://charloom/%2e%2e%2fpages-secret.html',
    'app://charloom//etc/passwd',
    'app://charloom/index.html%00.js',
    'app://charloom/notes.secret',
    'app://charloom/assets',
    'app://charloom/%E0%A4%A',
    'app://charloom/',
    'app://elsewhere/index.html',
    'app://charloom:81/index.html',
    'file:///etc/passwd',
    'http://charloom/index.html',
  ])('does not serve %s', async (address) => {
    const response = await get(address);
    expect(response.status).toBe(404);
    expect(await response.text()).not.toContain('secret');
  });

  test.each(['POST', 'PUT', 'HEAD', 'DELETE'])('%s is no valid request', async (method) => {
    expect((await get('app://charloom/index.html', method)).status).toBe(405);
  });
});

describe('the site of the hidden window', () => {
  const ask = (url: string): Promise<Response> => answerPage({ url, method: 'GET' }, folder, graphicsSite);

  test('has an origin and a policy of its own: its script, and nothing else', async () => {
    const response = await ask('app://graphics/index.html');
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Security-Policy')).toBe(graphicsPolicy);
    expect(graphicsPolicy).toMatch(/^default-src 'none'; script-src 'self';/);
    expect(graphicsPolicy).not.toMatch(/connect-src|unsafe|http|data:|blob:/);
  });

  test('does not serve the pages, nor do the pages serve its files', async () => {
    expect((await ask('app://charloom/index.html')).status).toBe(404);
    expect((await get('app://graphics/index.html')).status).toBe(404);
  });
});
