import { expect, test } from 'vitest';
import { contentSecurityPolicy, pageHeaders } from '../../../src/shared/page-headers.ts';

test('item 7: the policy of the product allows what ships with it and nothing else', () => {
  expect(contentSecurityPolicy()).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; " +
      "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  );
});

test('the policy for development differs only in styles and sockets', () => {
  expect(contentSecurityPolicy('development')).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; " +
      "connect-src 'self' ws://localhost:* ws://127.0.0.1:*; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  );
});

test('pages send no referrer, have their declared type and share nothing with other sites', () => {
  expect(pageHeaders()).toEqual({
    'Content-Security-Policy': contentSecurityPolicy(),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
  });
});
