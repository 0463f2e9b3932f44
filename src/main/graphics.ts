import { join } from 'node:path';
import { app, BrowserWindow, MessageChannelMain, session } from 'electron';
import type { GraphicsTask } from '../shared/graphics-page.ts';
import { guardGraphicsSession } from './security/graphics-session.ts';
import type { Log } from './services/log.ts';
import { WindowGraphicsSource, type WindowGraphicsOptions } from './services/window-graphics.ts';
import { openGraphicsWindow, type OpenGraphicsWindow } from './windows/graphics-window.ts';
import { graphicsPartition, graphicsWindowOptions } from './windows/options.ts';

/**
 * The application's access to the graphics card: hidden windows, each for one task, in a session of their own.
 * @param built the folder of the built main process
 * @param train trains a small model on the card, in a compute process
 */
export function createGraphics(
  log: Log,
  built: string,
  train: WindowGraphicsOptions['train'],
): WindowGraphicsSource {
  guardGraphicsSession(session.fromPartition(graphicsPartition), join(built, '../graphics'));
  const preload = join(built, '../preload/graphics.cjs');
  const lost = (what: string): void => {
    log.note(what);
    source.forget();
  };
  const source = new WindowGraphicsSource({
    open: (task: GraphicsTask): OpenGraphicsWindow =>
      openGraphicsWindow(task, {
        create: () => new BrowserWindow(graphicsWindowOptions(preload)),
        createChannel: () => new MessageChannelMain(),
        onCrash: (reason) => lost(`The graphics card's window crashed (${reason}).`),
      }),
    train,
    gpuInfo: () => app.getGPUInfo('complete'),
    version: process.versions['chrome'] ?? 'unknown',
    // A packaged application ignores these environment variables.
    allowSoftware: !app.isPackaged && process.env['CHARLOOM_SOFTWARE_GPU'] === '1',
  });
  app.on('child-process-gone', (_event, { type, reason }) => {
    if (type === 'GPU') lost(`The graphics card's process ended (${reason}).`);
  });
  return source;
}
