import { expect, test } from 'vitest';
import { Requests } from '../../../src/node/interrupts.ts';

test('one key press that arrives three times is one request; a later one is a second', () => {
  const requests = new Requests();
  expect([1000, 1003, 1120, 2500, 2501].map((time) => requests.add(time))).toEqual([
    'first',
    'echo',
    'echo',
    'again',
    'echo',
  ]);
});

test('keys that are pressed again and again are a second request', () => {
  const requests = new Requests();
  expect([0, 200, 400, 600].map((time) => requests.add(time))).toEqual(['first', 'echo', 'again', 'echo']);
});
