import { hostname } from 'node:os';
import { describe, expect, test } from 'vitest';
import { Access, isLoopback, makeToken } from '../../../src/serve/access.ts';

const token = makeToken();
const local = new Access(token, '127.0.0.1');
const host = '127.0.0.1:4000';

describe('who may talk to the browser host', () => {
  test('only with the token, whole and exact', () => {
    expect(local.refusal({ host, origin: `http://${host}`, token })).toBeUndefined();
    for (const wrong of [undefined, '', token.slice(1), `${token}x`, token.toUpperCase(), makeToken()]) {
      expect(local.refusal({ host, origin: `http://${host}`, token: wrong })).toBe('no-token');
    }
  });

  test('tokens are long, differ, and need no quoting', () => {
    const tokens = Array.from({ length: 50 }, makeToken);
    expect(new Set(tokens).size).toBe(50);
    for (const one of tokens) expect(one).toMatch(/^[\w-]{43}$/);
  });

  test.each([
    ['127.0.0.1:4000', true],
    ['localhost:4000', true],
    ['LOCALHOST', true],
    ['[::1]:4000', true],
    ['localhost:9999', true], // a tunnel has a port of its own
    ['evil.example:4000', false],
    ['127.0.0.1.evil.example', false],
    ['localhost.evil.example', false],
    ['evil.example@127.0.0.1', false],
    ['127.0.0.1/x', false],
    ['192.168.1.7:4000', false],
    ['', false],
    [undefined, false],
  ])('a server for this machine only: host %s -> %s', (name, isKnown) => {
    expect(local.knowsHost(name)).toBe(isKnown);
    expect(local.refusal({ host: name, origin: undefined, token }) === 'wrong-host').toBe(!isKnown);
  });

  test('a server for a network is known by addresses and its own name, never by a foreign one', () => {
    const open = new Access(token, '0.0.0.0');
    expect(open.knowsHost('192.168.1.7:4000')).toBe(true);
    expect(open.knowsHost('[fe80::1]:4000')).toBe(true);
    expect(open.knowsHost(`${hostname()}:4000`)).toBe(true);
    expect(open.knowsHost('rebound.evil.example:4000')).toBe(false);
  });

  test.each([
    ['http://127.0.0.1:4000', undefined],
    ['https://127.0.0.1:4000', undefined], // a proxy may add the lock
    ['http://localhost:4000', 'wrong-origin'],
    ['http://127.0.0.1:4001', 'wrong-origin'],
    ['http://evil.example', 'wrong-origin'],
    ['http://127.0.0.1:4000.evil.example', 'wrong-origin'],
    ['http://evil.example@127.0.0.1:4000', 'wrong-origin'],
    ['null', 'wrong-origin'],
    ['', 'wrong-origin'],
  ])('origin %s -> %s', (origin, refusal) => {
    expect(local.refusal({ host, origin, token })).toBe(refusal);
  });

  test('loopback is this machine and nothing that looks like it', () => {
    expect(['localhost', '127.0.0.1', '127.8.9.1', '::1'].every(isLoopback)).toBe(true);
    expect(['0.0.0.0', '::', '128.0.0.1', '127.evil.example', '10.0.0.1'].some(isLoopback)).toBe(false);
  });
});
