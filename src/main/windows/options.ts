import type { BrowserWindowConstructorOptions, WebPreferences } from 'electron';

/** The only preferences of our windows. Most are Electron's defaults, stated so that a test can check them. */
export function webPreferences(preload: string): WebPreferences {
  return {
    preload,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
  };
}

/** The session of the hidden window: separate, and in memory only, because its name does not start with `persist:`. */
export const graphicsPartition = 'graphics';

/** The window that computes on the graphics card: never shown, so it must not be throttled; it draws nothing and never asks. */
export function graphicsWindowOptions(preload: string): BrowserWindowConstructorOptions {
  return {
    title: 'Charloom’s graphics card',
    width: 100,
    height: 100,
    show: false,
    skipTaskbar: true,
    focusable: false,
    webPreferences: {
      ...webPreferences(preload),
      partition: graphicsPartition,
      backgroundThrottling: false,
      disableDialogs: true,
      images: false,
      webgl: false,
    },
  };
}

export interface WindowBounds {
  readonly x: number | undefined;
  readonly y: number | undefined;
  readonly width: number;
  readonly height: number;
}

/** The main window: shown when its page has something to show (first-show.ts), on the theme's background, so that nothing flashes. */
export function mainWindowOptions(
  preload: string,
  bounds: WindowBounds,
  isDark: boolean,
): BrowserWindowConstructorOptions {
  return {
    title: 'Charloom',
    width: bounds.width,
    height: bounds.height,
    ...(bounds.x === undefined || bounds.y === undefined ? {} : { x: bounds.x, y: bounds.y }),
    minWidth: 720,
    minHeight: 480,
    show: false,
    backgroundColor: isDark ? '#16181d' : '#ffffff',
    webPreferences: webPreferences(preload),
  };
}
