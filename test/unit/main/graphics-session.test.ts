import { expect, test } from 'vitest';
import { guardGraphicsSession } from '../../../src/main/security/graphics-session.ts';
import { DoubleSession } from '../../support/electron-double/session.ts';

const session = new DoubleSession();
guardGraphicsSession(session as never, '/built/graphics');

test('items 1 and 5: it requests nothing and reaches only its own files', () => {
  const { request, check, device } = session.permissionHandlers;
  for (const permission of ['clipboard-sanitized-write', 'fullscreen', 'geolocation', 'media', 'unknown']) {
    let isGranted: unknown;
    request?.(null, permission, (answer: unknown) => (isGranted = answer), {});
    expect([permission, isGranted, check?.(null, permission, 'app://graphics')]).toEqual([
      permission,
      false,
      false,
    ]);
  }
  expect(device?.({})).toBe(false);
  expect(session.lets('app://graphics/graphics.js')).toBe(true);
  for (const address of [
    'https://evil.example/',
    'http://localhost:8080/',
    'ws://localhost/',
    'file:///etc/passwd',
    'app://charloom/index.html',
    'app://graphics.evil.example/',
    'https://graphics/',
    'data:text/html,hello',
    'not an address',
  ]) {
    expect([address, session.lets(address)]).toEqual([address, false]);
  }
});
