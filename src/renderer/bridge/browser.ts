import { readReply } from '../../shared/ipc/answer.ts';
import type { Bridge } from '../../shared/ipc/contract.ts';
import { StreamClient } from '../../shared/ipc/stream-client.ts';
import { readTransfer } from '../../shared/ipc/transfers.ts';
import { ConnectionMonitor } from './connection-state.ts';
import { HttpCalls } from './http.ts';
import { ReconnectingConnection } from './reconnecting-connection.ts';
import { saveBlob } from './save-blob.ts';
import { TabTokens } from './tab-tokens.ts';
import { takeToken } from './token.ts';
import { ReconnectingSocket } from './web-socket.ts';

/** The bridge to the browser host that served this page: requests and files over HTTP, streams over a WebSocket. */
export function createBrowserBridge(): Bridge {
  const tabs = new TabTokens();
  const calls = new HttpCalls(takeToken(), tabs);
  const streams = new StreamClient();
  const monitor = new ConnectionMonitor();
  new ReconnectingSocket({ calls, tabs }, new ReconnectingConnection(streams), monitor);
  return {
    request: async (name, params) => readReply(name, await calls.request(name, params)),
    open: (name, params, onItem) => streams.open(name, params, onItem),
    addText: async (file, onProgress) =>
      readTransfer('text', await calls.upload(uploadAddress('text', file.name), file, onProgress)),
    addPart: async (file, name, onProgress) =>
      readTransfer('part', await calls.upload(uploadAddress('part', name), file, onProgress)),
    importModel: async (file, onProgress) =>
      readTransfer('model', await calls.upload(uploadAddress('model', file.name), file, onProgress)),
    exportCheckpoint: async (run, file, format) => {
      const query = new URLSearchParams({ run, file, format });
      const result = await calls.download(`/download/checkpoint?${query.toString()}`);
      if (result instanceof Blob) saveBlob(result, nameFor(file, format));
      else readTransfer('export', result);
    },
    saveExport: async (ticket, name) => {
      const result = await calls.download(`/download/export?${new URLSearchParams({ ticket }).toString()}`);
      if (!(result instanceof Blob)) return readTransfer('saved', result);
      saveBlob(result, name);
      return true;
    },
    onConnection: (listener) => monitor.listen(listener),
  };
}

function uploadAddress(kind: 'text' | 'part' | 'model', name: string): string {
  return `/upload/${kind}?${new URLSearchParams({ name }).toString()}`;
}

function nameFor(file: string, format: 'safetensors' | 'json'): string {
  return format === 'json' ? `${file.replace(/\.safetensors$/, '')}.json` : file;
}
