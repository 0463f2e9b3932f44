import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { channels, preloadName, type PortMessage, type PreloadApi } from '../shared/ipc/preload-api.ts';

/** The page's window, as far as this script needs it. */
declare const window: {
  readonly location: { readonly origin: string };
  postMessage(message: PortMessage, origin: string, ports: readonly MessagePort[]): void;
};

/**
 * All that a page gets of Electron: seven functions, none of which passes on an Electron object or accepts a channel's name or a path.
 * The main process checks everything that comes through them.
 */
const api: PreloadApi = Object.freeze({
  request: (name: string, params: unknown) => ask(channels.request, String(name), params),
  addText: (file: File) => ask(channels.addText, webUtils.getPathForFile(file)),
  addPart: (file: File) => ask(channels.addPart, webUtils.getPathForFile(file)),
  importModel: (file: File) => ask(channels.importModel, webUtils.getPathForFile(file)),
  exportCheckpoint: (run: string, file: string, format: 'safetensors' | 'json') =>
    ask(channels.exportCheckpoint, run, file, format),
  saveExport: (ticket: string) => ask(channels.saveExport, ticket),
  connect: (nonce: string) => ask(channels.connect, nonce),
});

function ask(channel: string, ...words: readonly unknown[]): Promise<unknown> {
  return ipcRenderer.invoke(channel, ...words);
}

// A port cannot cross the bridge; a message to the window carries it, with the nonce by which the page recognises its own.
ipcRenderer.on(channels.port, (event, nonce: unknown) => {
  window.postMessage({ charloomPort: String(nonce) }, window.location.origin, event.ports);
});

contextBridge.exposeInMainWorld(preloadName, api);
