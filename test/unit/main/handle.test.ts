import type { IpcMainInvokeEvent, WebContents } from 'electron';
import { describe, expect, test } from 'vitest';
import { handle } from '../../../src/main/ipc/handle.ts';
import { pageOrigin } from '../../../src/main/security/origin.ts';
import { CharloomError } from '../../../src/shared/errors.ts';

const ourAddress = 'app://charloom/index.html';
const frame = { url: ourAddress };
const contents = { mainFrame: frame } as unknown as WebContents;

/** Asks a handler as a sender that differs from ours in the given parts. */
async function ask(
  sender: object,
  handler = (): Promise<never> | Promise<{ ok: true; value: unknown }> =>
    Promise.resolve({ ok: true, value: 1 }),
  url = ourAddress,
): Promise<{ readonly reply: unknown; readonly calls: number }> {
  frame.url = url;
  let calls = 0;
  let answer: ((event: IpcMainInvokeEvent) => Promise<unknown>) | undefined;
  const ipc = { handle: (_channel: string, listener: typeof answer) => (answer = listener) };
  handle(ipc as never, 'channel', { contents: () => contents, origin: pageOrigin(undefined, true) }, () => {
    calls++;
    return handler();
  });
  const event = { sender: contents, senderFrame: frame, ...sender } as unknown as IpcMainInvokeEvent;
  return { reply: await answer?.(event), calls };
}

describe('item 17: the sender of every message is checked before its handler runs', () => {
  test('our page is answered', async () => {
    expect(await ask({})).toEqual({ reply: { ok: true, value: 1 }, calls: 1 });
  });

  test.each([
    ['another window', { sender: { mainFrame: frame } }],
    ['a frame inside our page', { senderFrame: { url: ourAddress } }],
    ['a frame that has gone', { senderFrame: null }],
  ])('%s is not', async (_name, sender) => {
    const { reply, calls } = await ask(sender);
    expect(reply).toMatchObject({ ok: false, failure: { code: 'usage' } });
    expect(calls).toBe(0);
  });

  test.each([
    'https://evil.example/',
    'app://charloom.evil.example/',
    'file:///tmp/index.html',
    'about:blank',
  ])('our window is not while it shows %s', async (url) => {
    const { reply, calls } = await ask({}, undefined, url);
    expect(reply).toMatchObject({ ok: false, failure: { code: 'usage' } });
    expect(calls).toBe(0);
  });
});

test('what a handler throws becomes data, without a stack', async () => {
  const { reply } = await ask({}, () =>
    Promise.reject(new CharloomError('storage', 'Full.', { fix: 'Make room.' })),
  );
  expect(reply).toEqual({ ok: false, failure: { code: 'storage', message: 'Full.', fix: 'Make room.' } });
  const defect = await ask({}, () => Promise.reject(new TypeError('x')));
  expect(Object.keys(defect.reply as object)).toEqual(['ok', 'failure']);
  expect(JSON.stringify(defect.reply)).not.toContain('.ts');
});
