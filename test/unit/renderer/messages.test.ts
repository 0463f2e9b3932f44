import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CharloomError } from '../../../src/shared/errors.ts';
import { Messages } from '../../../src/renderer/stores/messages.svelte.ts';

describe('messages', () => {
  let messages: Messages;
  beforeEach(() => {
    vi.useFakeTimers();
    messages = new Messages();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const shown = (): readonly string[] => messages.list.map(({ message }) => message);
  const logged = (): readonly string[] => messages.log.map(({ message }) => message);
  const minute = 60_000;

  it('close automatically, later if there is more to read or to decide', () => {
    const long = 'a sentence that takes a while to read '.repeat(4);
    messages.add('good', 'short');
    messages.add('good', long);
    messages.add('good', 'with undo', { action: { label: 'Undo', run: () => undefined } });
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
    messages.add('good', 'done');
    messages.hold('hidden', true);
    messages.hold('pointer', true);
    vi.advanceTimersByTime(10 * minute);
    messages.hold('hidden', false);
    vi.advanceTimersByTime(10 * minute);
    expect(shown()).toEqual(['done']);
    messages.hold('pointer', false);
    vi.advanceTimersByTime(5000);
    expect(shown()).toEqual(['done']);
    vi.advanceTimersByTime(minute);
    expect(shown()).toEqual([]);
  });

  it('of problems stay until they are closed, or until the same thing succeeds', async () => {
    const fail = (): Promise<never> =>
      Promise.reject(new CharloomError('storage', 'The disk is full.', { fix: 'Make room.' }));
    await messages.attempt(fail, 'run a');
    await messages.attempt(fail, 'run a');
    messages.error(new Error('unexpected'));
    vi.advanceTimersByTime(60 * minute);
    expect(shown()).toEqual(['The disk is full.', 'unexpected']);
    expect(messages.list[0]?.repeats).toBe(2);
    await messages.attempt(() => Promise.resolve(), 'run a');
    expect(shown()).toEqual(['unexpected']);
    messages.close(messages.list[0]?.id ?? -1);
    expect(shown()).toEqual([]);
    expect(messages.log).toHaveLength(2);
  });

  it('of two subjects are not one message, though they say the same', async () => {
    const fail = (): Promise<never> => Promise.reject(new CharloomError('storage', 'The disk is full.'));
    await messages.attempt(fail, 'settings');
    await messages.attempt(fail, 'run a');
    await messages.attempt(() => Promise.resolve(), 'run a');
    expect(shown()).toEqual(['The disk is full.']);
  });

  it('that the page already shows are only in the list', () => {
    messages.add('good', 'finished', { isShown: false });
    expect([shown(), logged(), messages.unread]).toEqual([[], ['finished'], 0]);
  });

  it('run their action once, also from the list', async () => {
    const run = vi.fn();
    messages.add('good', 'moved to the trash', { action: { label: 'Undo', run } });
    const id = messages.list[0]?.id ?? -1;
    vi.advanceTimersByTime(10 * minute);
    expect(shown()).toEqual([]);
    await messages.act(id);
    await messages.act(id);
    expect(run).toHaveBeenCalledTimes(1);
    expect(messages.log[0]?.action).toBeNull();
  });

  it('are counted until the list is opened, and kept to a hundred', () => {
    for (let count = 0; count < 130; count++) messages.add('good', `message ${count}`);
    expect(messages.log).toHaveLength(100);
    expect(messages.unread).toBe(100);
    messages.read();
    messages.add('good', 'one more');
    expect([messages.unread, logged()[0]]).toEqual([1, 'one more']);
    messages.clear();
    expect([messages.log, messages.list, messages.unread]).toEqual([[], [], 0]);
  });
});
