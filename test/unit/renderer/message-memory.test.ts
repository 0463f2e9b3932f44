import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Deed } from '../../../src/renderer/stores/message.ts';
import { MessageMemory } from '../../../src/renderer/stores/message-memory.ts';
import { Messages } from '../../../src/renderer/stores/messages.svelte.ts';

/** A tab's storage, and pages that are loaded in it one after the other. */
function tab(content: string | null = null) {
  let kept = content;
  const storage = { getItem: () => kept, setItem: (_key: string, value: string) => void (kept = value) };
  const done: Deed[] = [];
  const perform = (deed: Deed): Promise<void> => {
    done.push(deed);
    return Promise.resolve();
  };
  return { done, load: () => new Messages({ memory: new MessageMemory(storage), perform }) };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('messages are there again after a reload: the list, those that are new, those that are shown', () => {
  const { load } = tab();
  const before = load();
  before.add('good', 'saved');
  before.read();
  before.add('bad', 'The disk is full.', { fix: 'Make room.', topic: 'run a' });
  before.add('good', 'finished', { isShown: false });
  const after = load();
  expect([after.log, after.list, after.unread]).toEqual([before.log, before.list, 1]);

  // A message that would have left leaves here too; a problem stays until it is resolved.
  vi.advanceTimersByTime(60_000);
  expect(after.list.map(({ message }) => message)).toEqual(['The disk is full.']);
  after.resolve('run a');
  expect(load().list).toEqual([]);
  expect(load().log).toHaveLength(3);
});

test('a message that comes after a reload is another one', () => {
  const { load } = tab();
  load().add('bad', 'first');
  const after = load();
  after.add('bad', 'second');
  expect(new Set(after.log.map(({ id }) => id)).size).toBe(2);
  after.close(after.log[0]?.id ?? -1);
  expect(load().list.map(({ message }) => message)).toEqual(['first']);
});

test('an action that any page can do is still offered, once; one of the page that is gone is not', async () => {
  const { load, done } = tab();
  const deed = { kind: 'undo-removal', undo: 'removal-1' } as const;
  const before = load();
  before.add('good', 'moved to trash', { action: { label: 'Undo', deed } });
  before.add('good', 'changed here', { action: { label: 'Undo', run: () => undefined } });
  const after = load();
  expect(after.log.map(({ action }) => action)).toEqual([null, { label: 'Undo', deed }]);
  const id = after.log[1]?.id ?? -1;
  await after.act(id);
  await after.act(id);
  await load().act(id);
  expect(done).toEqual([deed]);
});

test('a list that was cleared stays empty', () => {
  const { load } = tab();
  const before = load();
  before.add('bad', 'gone');
  before.clear();
  expect([load().log, load().list, load().unread]).toEqual([[], [], 0]);
});

test.each([
  '',
  '{',
  'null',
  '{"log":[],"shown":[],"unread":-1}',
  '{"log":[{"id":0,"message":"half"}],"shown":[0],"unread":1}',
  '{"log":[{"id":0,"level":"bad","message":"m","fix":null,"action":{"label":"Undo","deed":{"kind":"erase"}},"topic":null,"time":1,"repeats":1}],"shown":[],"unread":0}',
])('what another version kept is forgotten: %j', (content) => {
  const { load } = tab(content);
  expect([load().log, load().list, load().unread]).toEqual([[], [], 0]);
});

test('a full or forbidden storage is no failure', () => {
  const fail = (): never => {
    throw new Error('forbidden');
  };
  const messages = new Messages({ memory: new MessageMemory({ getItem: fail, setItem: fail }) });
  messages.add('bad', 'The disk is full.');
  expect(messages.list).toHaveLength(1);
});
