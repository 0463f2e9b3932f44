import type { BrowserWindow, MessageChannelMain, MessagePortMain } from 'electron';
import { graphicsChannel } from '../../shared/graphics-channel.ts';
import type { GraphicsTask } from '../../shared/graphics-page.ts';
import { graphicsAddress } from '../security/scheme.ts';

export interface GraphicsWindowOptions {
  readonly create: () => BrowserWindow;
  readonly createChannel: () => Pick<MessageChannelMain, 'port1' | 'port2'>;
  /** Told when the window's process is gone, and why. */
  readonly onCrash: (reason: string) => void;
}

/** A hidden window at work. */
export interface OpenGraphicsWindow {
  /** The way to it, for whoever asked. It closes when the window goes, whatever takes it. */
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
    // The page closes its port as it goes; one that it never got has to be closed for it.
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
    // Closed before it was there, or its files are missing: the port says so.
    .catch(close);
  return { port: port1, close };
}
