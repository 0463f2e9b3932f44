import type { Bridge } from '../../shared/ipc/contract.ts';
import { createBrowserBridge } from './browser.ts';
import { createElectronBridge } from './electron.ts';

/**
 * The pages' connection to the host: Electron's main process if its preload script is there, otherwise the browser host that served the page.
 * Call it once, before anything reads the address: the browser host's token is in its fragment and is taken out here.
 */
export function createBridge(): Bridge {
  const { charloom } = window;
  return charloom === undefined ? createBrowserBridge() : createElectronBridge(charloom);
}
