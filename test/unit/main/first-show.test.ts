import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { maxHiddenMs, showWhenReady } from '../../../src/main/windows/first-show.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** As much of a window as its first show needs, and how often it was shown. */
class NewWindow extends EventEmitter {
  readonly webContents = new EventEmitter();
  shows = 0;
  isGone = false;
  show(): void {
    this.shows += 1;
  }
  isDestroyed(): boolean {
    return this.isGone;
  }
}

function open() {
  const window = new NewWindow();
  return { window, leave: showWhenReady(window as never) };
}

const signs = ['ready-to-show', 'did-finish-load', 'did-fail-load'] as const;
const tell = (window: NewWindow, sign: (typeof signs)[number]): void =>
  void (sign === 'ready-to-show' ? window : window.webContents).emit(sign);

test.each(signs)('a new window is shown at %s, even without other events', (sign) => {
  const { window } = open();
  expect(window.shows).toBe(0);
  tell(window, sign);
  expect(window.shows).toBe(1);
  for (const other of signs) tell(window, other);
  vi.runAllTimers();
  expect(window.shows).toBe(1);
});

test('a window without events is shown after a while', () => {
  const { window } = open();
  vi.advanceTimersByTime(maxHiddenMs - 1);
  expect(window.shows).toBe(0);
  vi.advanceTimersByTime(1);
  expect(window.shows).toBe(1);
});

test('one that was hidden or closed meanwhile is not shown', () => {
  const hidden = open();
  hidden.leave();
  const closed = open();
  closed.window.isGone = true;
  closed.window.emit('closed');
  vi.runAllTimers();
  for (const sign of signs) tell(hidden.window, sign);
  expect([hidden.window.shows, closed.window.shows]).toEqual([0, 0]);
});
