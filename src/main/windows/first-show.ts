import type { BrowserWindow } from 'electron';

/** Milliseconds after which a window is shown, whatever the state of its page. */
export const maxHiddenMs = 3000;

type NewWindow = Pick<BrowserWindow, 'once' | 'show' | 'isDestroyed'> & {
  readonly webContents: Pick<BrowserWindow['webContents'], 'once'>;
};

/**
 * Shows a new window as soon as its page has something to show. Electron reports that when a page is painted, which under Wayland may never happen
 * for a hidden window: so a page that has loaded, or has not loaded for a while, is shown too. Its background has the theme's colour.
 * @returns cancels showing it
 */
export function showWhenReady(window: NewWindow, timeoutMs = maxHiddenMs): () => void {
  let isDecided = false;
  const decide = (isWanted: boolean): void => {
    if (isDecided) return;
    isDecided = true;
    clearTimeout(limit);
    if (isWanted && !window.isDestroyed()) window.show();
  };
  const show = (): void => decide(true);
  const limit = setTimeout(show, timeoutMs);
  window.once('ready-to-show', show);
  window.webContents.once('did-finish-load', show);
  window.webContents.once('did-fail-load', show);
  window.once('closed', () => decide(false));
  return () => decide(false);
}
