import { describe, expect, test } from 'vitest';
import { isOurs, pageOrigin } from '../../../src/main/security/origin.ts';

const own = pageOrigin(undefined, true);

describe('item 13: what counts as one of our pages', () => {
  test.each([
    ['app://charloom/index.html', true],
    ['app://charloom/index.html?x#y', true],
    ['app://charloom.evil.example/', false],
    ['app://charloomx/', false],
    ['app://user@charloom/', false],
    ['app://charloom:80/', false],
    ['application://charloom/', false],
    ['https://charloom/', false],
    ['https://evil.example/?app://charloom/', false],
    ['https://evil.example/app://charloom/index.html', false],
    ['file:///app://charloom/index.html', false],
    ['javascript:alert(1)', false],
    ['about:blank', false],
    ['', false],
  ])('%s -> %s', (address, expected) => expect(isOurs(address, own)).toBe(expected));

  test('the address for developing counts only while nothing is packaged', () => {
    const developing = pageOrigin('http://localhost:5173', false);
    expect(isOurs('http://localhost:5173/index.html', developing)).toBe(true);
    expect(isOurs('http://localhost:5174/', developing)).toBe(false);
    expect(isOurs('app://charloom/index.html', developing)).toBe(false);
    expect(pageOrigin('http://localhost:5173', true)).toEqual(own);
    expect(pageOrigin('not an address', false)).toEqual(own);
  });
});
