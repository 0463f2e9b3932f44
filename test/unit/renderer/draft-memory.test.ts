import { expect, test } from 'vitest';
import { defaultRunSettings } from '../../../src/shared/domain/run-settings.ts';
import { DraftMemory } from '../../../src/renderer/stores/draft-memory.ts';

function storageHolding(content: string | null) {
  let kept = content;
  return { getItem: () => kept, setItem: (_key: string, value: string) => void (kept = value) };
}

test('a draft is restored as it was saved', () => {
  const storage = storageHolding(null);
  const draft = { text: 'text-1', encoding: 'koi8-r', settings: { ...defaultRunSettings, batchSize: 7 } };
  new DraftMemory(storage).keep(draft);
  expect(new DraftMemory(storage).recall()).toEqual(draft);
});

test.each(['', '{', 'null', '{"text":"a","encoding":null,"settings":{"batchSize":-1}}'])(
  'invalid or older content is discarded: %j',
  (content) => expect(new DraftMemory(storageHolding(content)).recall()).toBeNull(),
);

test('a full or forbidden storage is no failure', () => {
  const refusing = {
    getItem: () => {
      throw new Error('forbidden');
    },
    setItem: () => {
      throw new Error('full');
    },
  };
  const memory = new DraftMemory(refusing);
  memory.keep({ text: 'text-1', encoding: null, settings: defaultRunSettings });
  expect(memory.recall()).toBeNull();
});
