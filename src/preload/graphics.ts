import { ipcRenderer } from 'electron';
import { graphicsChannel, type GraphicsMessage } from '../shared/graphics-channel.ts';

/** The page's window, as far as this script needs it. */
declare const window: {
  readonly location: { readonly origin: string };
  postMessage(message: GraphicsMessage, origin: string, ports: readonly MessagePort[]): void;
};

// The hidden window's page gets nothing of Electron but its task and the port for it.
ipcRenderer.on(graphicsChannel, (event, task: unknown) => {
  window.postMessage({ charloomGraphics: task }, window.location.origin, event.ports);
});
