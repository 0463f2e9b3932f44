import { beforeEach, describe, expect, test } from 'vitest';
import { defaultRunSettings } from '../../../src/shared/domain/run-settings.ts';
import { resolvePreset } from '../../../src/shared/planning/presets.ts';
import type { Bridge } from '../../../src/shared/ipc/contract.ts';
import type { Text } from '../../../src/shared/domain/text.ts';
import type { AppState } from '../../../src/renderer/stores/app-state.ts';
import { Draft } from '../../../src/renderer/stores/draft.svelte.ts';
import { Setup } from '../../../src/renderer/views/setup/setup.svelte.ts';
import { TextOpening } from '../../../src/renderer/views/setup/text-opening.svelte.ts';

const settings = { ...defaultRunSettings, name: 'old run', rnnSize: 96, dropout: 0.1 };
const report = { characters: 1_115_394, vocabulary: Array.from({ length: 65 }, (_, code) => ({ code })) };

/** Texts that arrive only on the second request, an earlier run, and a text that is read immediately. */
function sessionWith(known: readonly string[]): { session: AppState; gone: unknown[] } {
  const gone: unknown[] = [];
  const bridge = {
    request: () => Promise.resolve({ run: { id: 'old', name: 'old run', settings } }),
    open: (_name: string, _params: unknown, say: (item: unknown) => void) => {
      queueMicrotask(() => say({ kind: 'report', report }));
      return { send: () => undefined, close: () => undefined, ended: new Promise(() => undefined) };
    },
  } as unknown as Bridge;
  const library = {
    texts: [] as readonly Pick<Text, 'id' | 'title'>[],
    refreshTexts: () => {
      library.texts = known.map((id) => ({ id, title: `${id}.txt` }));
      return Promise.resolve();
    },
  };
  const router = { replace: (route: unknown) => gone.push(route) };
  return { session: { bridge, draft: new Draft(bridge), library, router } as unknown as AppState, gone };
}

describe('opening run setup', () => {
  let session: AppState;
  let gone: unknown[];
  let setup: Setup;
  let opening: TextOpening;
  beforeEach(() => {
    ({ session, gone } = sessionWith(['plays', 'novel']));
    setup = new Setup(session);
    opening = new TextOpening(session, setup);
  });

  test('waits for the list of texts, and says so when a text is not in it', async () => {
    await opening.open('plays', null);
    expect(session.draft).toMatchObject({ text: 'plays', settings: { name: 'plays' } });
    await opening.open('poems', null);
    expect(opening.problem).toContain('no longer in the list');
    expect(session.draft.text).toBe('plays');
  });

  test("takes an old run's settings, applies the proposal once, and does not change them again", async () => {
    session.draft.proposal = { dropout: 0.5 };
    await opening.open('plays', 'old');
    expect(session.draft.settings).toEqual({ ...settings, dropout: 0.5 });
    expect(session.draft.proposal).toBeNull();
    expect(gone).toEqual([{ view: 'setup', text: 'plays', from: null }]);
    setup.settle();
    expect(session.draft.settings.rnnSize).toBe(96);
  });

  test('gives a new text a preset, and never overwrites the user’s settings', async () => {
    await opening.open('plays', null);
    setup.settle();
    const text = { characters: 1_115_394, vocabularySize: 65 };
    expect(session.draft.settings).toMatchObject(resolvePreset('good', text));
    session.draft.change({ rnnSize: 77 });
    setup.settle();
    await opening.open('novel', null);
    setup.settle();
    expect(session.draft.settings.rnnSize).toBe(77);
  });

  test('undoing a proposal changes nothing else', () => {
    setup.apply('plan', 'Smaller batches.', { batchSize: 10 });
    session.draft.change({ seed: 7 });
    setup.undo();
    expect(session.draft.settings).toMatchObject({ batchSize: 50, seed: 7 });
    expect(setup.change).toBeNull();
  });
});
