import type { IpcMain, IpcMainInvokeEvent, WebContents } from 'electron';
import { CharloomError } from '../../shared/errors.ts';
import { failureOf } from '../../shared/ipc/failures.ts';
import type { Reply } from '../../shared/ipc/frames.ts';
import { isOurs, type PageOrigin } from '../security/origin.ts';

export interface TrustedSender {
  /** The page of the one window, while there is one. */
  readonly contents: () => WebContents | undefined;
  readonly origin: PageOrigin;
}

export type IpcHandler = (event: IpcMainInvokeEvent, ...words: readonly unknown[]) => Promise<Reply>;

/**
 * The only way to answer a channel: the sender is checked before its data is read, and any error becomes a reply, because Electron would send the
 * error's stack.
 */
export function handle(
  ipc: Pick<IpcMain, 'handle'>,
  channel: string,
  trusted: TrustedSender,
  handler: IpcHandler,
): void {
  ipc.handle(channel, async (event, ...words: readonly unknown[]): Promise<Reply> => {
    try {
      checkSender(event, trusted);
      return await handler(event, ...words);
    } catch (error) {
      return { ok: false, failure: failureOf(error) };
    }
  });
}

/** Our window, its main frame, our origin; a closed frame is refused. */
function checkSender({ sender, senderFrame }: IpcMainInvokeEvent, { contents, origin }: TrustedSender): void {
  const isTrusted =
    senderFrame !== null &&
    sender === contents() &&
    senderFrame === sender.mainFrame &&
    isOurs(senderFrame.url, origin);
  if (!isTrusted) throw new CharloomError('usage', 'Only Charloom’s own pages may send this request.');
}
