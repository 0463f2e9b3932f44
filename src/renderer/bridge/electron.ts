import { readReply } from '../../shared/ipc/answer.ts';
import type { Bridge } from '../../shared/ipc/contract.ts';
import type { PreloadApi } from '../../shared/ipc/preload-api.ts';
import { StreamClient } from '../../shared/ipc/stream-client.ts';
import { readTransfer } from '../../shared/ipc/transfers.ts';
import { ConnectionMonitor } from './connection-state.ts';
import { ReconnectingConnection } from './reconnecting-connection.ts';
import { plain } from './plain.ts';

declare global {
  interface Window {
    readonly charloom?: PreloadApi;
  }
}

/** The bridge over Electron's preload script: requests through it, streams over a port of their own. */
export function createElectronBridge(api: PreloadApi): Bridge {
  const streams = new StreamClient();
  const monitor = new ConnectionMonitor();
  openPort(api, new ReconnectingConnection(streams), monitor);
  return {
    request: async (name, params) => readReply(name, await api.request(name, plain(params))),
    open: (name, params, onItem) => streams.open(name, params, onItem),
    addText: async (file, onProgress) => {
      const text = readTransfer('text', await api.addText(file));
      onProgress?.(1);
      return text;
    },
    addPart: async (file, _name, onProgress) => {
      const part = readTransfer('part', await api.addPart(file));
      onProgress?.(1);
      return part;
    },
    importModel: async (file, onProgress) => {
      const model = readTransfer('model', await api.importModel(file));
      onProgress?.(1);
      return model;
    },
    exportCheckpoint: async (run, file, format) => {
      readTransfer('export', await api.exportCheckpoint(run, file, format));
    },
    saveExport: async (ticket) => readTransfer('saved', await api.saveExport(ticket)),
    onConnection: (listener) => monitor.listen(listener),
  };
}

/** Asks for a port, and for another whenever one closes. */
function openPort(api: PreloadApi, connection: ReconnectingConnection, monitor: ConnectionMonitor): void {
  const nonce = crypto.randomUUID();
  function receive(event: MessageEvent<unknown>): void {
    const port = event.ports[0];
    if (event.source !== window || port === undefined || !isPortMessage(event.data, nonce)) return;
    window.removeEventListener('message', receive);
    port.onmessage = (message) => connection.received(message.data);
    port.addEventListener('close', () => {
      monitor.set('lost');
      connection.lost();
      openPort(api, connection, monitor);
    });
    connection.opened({ send: (value) => port.postMessage(value), close: () => port.close() });
    monitor.set('connected');
  }
  window.addEventListener('message', receive);
  api.connect(nonce).then(
    (reply) => readTransfer('export', reply),
    () => monitor.set('lost'),
  );
}

function isPortMessage(data: unknown, nonce: string): boolean {
  return typeof data === 'object' && data !== null && 'charloomPort' in data && data.charloomPort === nonce;
}
