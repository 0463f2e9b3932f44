import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CharloomError } from '../../../src/shared/errors.ts';
import { Toasts } from '../../../src/renderer/stores/toasts.svelte.ts';

describe('messages', () => {
  let toasts: Toasts;
  beforeEach(() => {
    vi.useFakeTimers();
    toasts = new Toasts();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const shown = (): readonly string[] => toasts.list.map(({ message }) => message);
  const logged = (): readonly string[] => toasts.log.map(({ message }) => message);
  const minute = 60_000;

  it('close automatically, later if there is more to read or to decide', () => {
    const long = 'a sentence that takes a while to read '.repeat(4);
    toasts.add('good', 'short');
    toasts.add('good', long);
    toasts.add('good', 'with undo', { action: { label: 'Undo', run: () => undefined } });
    const gone: string[] = [];
    for (let seconds = 0; seconds < 60; seconds++) {
      const before = shown();
      vi.advanceTimersByTime(1000);
      gone.push(...before.filter((message) => !shown().includes(message)));
    }
    expect(gone).toEqual(['short', 'with undo', long]);
    expect(logged()).toEqual(['with undo', long, 'short']);
  });

  it('stay while they are pointed at or the window is hidden, and then have their full time again', () => {
    toasts.add('good', 'done');
    toasts.hold('hidden', true);
    toasts.hold('pointer', true);
    vi.advanceTimersByTime(10 * minute);
    toasts.hold('hidden', false);
    vi.advanceTimersByTime(10 * minute);
    expect(shown()).toEqual(['done']);
    toasts.hold('pointer', false);
    vi.advanceTimersByTime(5000);
    expect(shown()).toEqual(['done']);
    vi.advanceTimersByTime(minute);
    expect(shown()).toEqual([]);
  });

  it('of problems stay until they are closed, or until the same thing succeeds', async () => {
    const fail = (): Promise<never> =>
      Promise.reject(new CharloomError('storage', 'The disk is full.', { fix: 'Make room.' }));
    await toasts.attempt(fail, 'run a');
    await toasts.attempt(fail, 'run a');
    toasts.error(new Error('unexpected'));
    vi.advanceTimersByTime(60 * minute);
    expect(shown()).toEqual(['The disk is full.', 'unexpected']);
    expect(toasts.list[0]?.repeats).toBe(2);
    await toasts.attempt(() => Promise.resolve(), 'run a');
    expect(shown()).toEqual(['unexpected']);
    toasts.close(toasts.list[0]?.id ?? -1);
    expect(shown()).toEqual([]);
    expect(toasts.log).toHaveLength(2);
  });

  it('of two subjects are not one message, though they say the same', async () => {
    const fail = (): Promise<never> => Promise.reject(new CharloomError('storage', 'The disk is full.'));
    await toasts.attempt(fail, 'settings');
    await toasts.attempt(fail, 'run a');
    await toasts.attempt(() => Promise.resolve(), 'run a');
    expect(shown()).toEqual(['The disk is full.']);
  });

  it('that the page already shows are only in the list', () => {
    toasts.add('good', 'finished', { isShown: false });
    expect([shown(), logged(), toasts.unread]).toEqual([[], ['finished'], 0]);
  });

  it('run their action once, also from the list', async () => {
    const run = vi.fn();
    toasts.add('good', 'moved to the trash', { action: { label: 'Undo', run } });
    const id = toasts.list[0]?.id ?? -1;
    vi.advanceTimersByTime(10 * minute);
    expect(shown()).toEqual([]);
    await toasts.act(id);
    await toasts.act(id);
    expect(run).toHaveBeenCalledTimes(1);
    expect(toasts.log[0]?.action).toBeNull();
  });

  it('are counted until the list is opened, and kept to a hundred', () => {
    for (let count = 0; count < 130; count++) toasts.add('good', `message ${count}`);
    expect(toasts.log).toHaveLength(100);
    expect(toasts.unread).toBe(100);
    toasts.read();
    toasts.add('good', 'one more');
    expect([toasts.unread, logged()[0]]).toEqual([1, 'one more']);
    toasts.clear();
    expect([toasts.log, toasts.list, toasts.unread]).toEqual([[], [], 0]);
  });
});
