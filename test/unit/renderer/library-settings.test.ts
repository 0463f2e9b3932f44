import { describe, expect, it, vi } from 'vitest';
import { CharloomError } from '../../../src/shared/errors.ts';
import type { Bridge, StreamItem } from '../../../src/shared/ipc/contract.ts';
import { defaultAppSettings, type AppSettings } from '../../../src/shared/domain/app.ts';
import { Library } from '../../../src/renderer/stores/library.svelte.ts';
import type { Router } from '../../../src/renderer/stores/router.svelte.ts';
import { Messages } from '../../../src/renderer/stores/messages.svelte.ts';

/** The other side: it keeps settings, counts requests, and can refuse. */
function host() {
  let kept: AppSettings = defaultAppSettings;
  let hear: (item: StreamItem<'workbench.watch'>) => void = () => undefined;
  const changes: unknown[] = [];
  const state = { refuses: false };
  const bridge = {
    onConnection: () => () => undefined,
    open: (_name: string, _params: unknown, onItem: typeof hear) => {
      hear = onItem;
      return { send: () => undefined, close: () => undefined, ended: new Promise<void>(() => undefined) };
    },
    request: (name: string, params: object | null) => {
      if (name === 'settings.get') return Promise.resolve(kept);
      if (name !== 'settings.change') return new Promise(() => undefined);
      if (state.refuses) return Promise.reject(new CharloomError('storage', 'The disk is full.'));
      changes.push(params);
      kept = { ...kept, ...params };
      return Promise.resolve(kept);
    },
  } as unknown as Bridge;
  return { bridge, changes, state, tell: (item: StreamItem<'workbench.watch'>) => hear(item) };
}

describe('the user’s settings', () => {
  it('change immediately on the page, and are sent together when a slider is dragged', async () => {
    const { bridge, changes } = host();
    const library = new Library(bridge, new Messages(), {} as Router, { tell: () => undefined });
    const sent = [0.9, 1, 1.1, 1.2].map((textSize) => library.change({ textSize }));
    expect(library.settings.textSize).toBe(1.2);
    await Promise.all([...sent, library.change({ theme: 'dark' })]);
    expect(changes).toEqual([{ textSize: 1.2, theme: 'dark' }]);
    expect(library.settings).toMatchObject({ textSize: 1.2, theme: 'dark' });
  });

  it('are not overwritten by an older answer of the host', async () => {
    const { bridge, tell } = host();
    const library = new Library(bridge, new Messages(), {} as Router, { tell: () => undefined });
    library.start();
    const sent = library.change({ textSize: 1.4 });
    tell({ kind: 'settings', settings: { ...defaultAppSettings, threads: 3 } });
    expect(library.settings).toMatchObject({ textSize: 1.4, threads: 3 });
    await sent;
  });

  it('are reset when they could not be saved, with the reason', async () => {
    const { bridge, state } = host();
    const messages = new Messages();
    const library = new Library(bridge, messages, {} as Router, { tell: () => undefined });
    state.refuses = true;
    await library.change({ theme: 'dark' });
    expect(library.settings.theme).toBe('system');
    await vi.waitFor(() =>
      expect(messages.list.map(({ message }) => message)).toEqual(['The disk is full.']),
    );
  });
});
