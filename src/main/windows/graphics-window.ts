import type { BrowserWindow, MessageChannelMain, MessagePortMain } from 'electron';
import { graphicsChannel } from '../../shared/graphics-channel.ts';
import type { GraphicsTask } from '../../shared/graphics-page.ts';
import { graphicsAddress } from '../security/scheme.ts';

export interface GraphicsWindowOptions {
  readonly create: () => BrowserWindow;
  readonly createChannel: () => Pick<MessageChannelMain, 'port1' | 'port2'>;
  /** Called with the reason when the window's process has ended unexpectedly. */
  readonly onCrash: (reason: string) => void;
}

/** A hidden window while it computes. */
export interface OpenGraphicsWindow {
  /** The port to the window. It closes when the window does, for any reason. */
  readonly port: MessagePortMain;
  close(): void;
}

/** Opens a window that is never shown, for one task on the graphics card. */
export function openGraphicsWindow(task: GraphicsTask, options: GraphicsWindowOptions): OpenGraphicsWindow {
  const { port1, port2 } = options.createChannel();
  const window = options.create();
  const { webContents } = window;
  let isHandedOver = false;
  const close = (): void => {
    // The page closes its port when it ends; a port that it never received must be closed here.
    if (!isHandedOver) port2.close();
    if (!window.isDestroyed()) window.destroy();
  };
  for (const event of ['will-navigate', 'will-frame-navigate', 'will-redirect'] as const) {
    webContents.on(event as 'will-navigate', (navigation) => navigation.preventDefault());
  }
  webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason !== 'clean-exit') options.onCrash(reason);
    close();
  });
  window
    .loadURL(graphicsAddress)
    .then(() => {
      webContents.postMessage(graphicsChannel, task, [port2]);
      isHandedOver = true;
    })
    // The window was closed before its page loaded, or files are missing: the port is closed.
    .catch(close);
  return { port: port1, close };
}
