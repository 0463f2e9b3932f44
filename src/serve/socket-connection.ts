import type { WebSocket } from 'ws';
import type { Connection } from '../shared/ipc/frames.ts';

const badMessage = 1008;

/** A WebSocket as a connection for streams: text messages with one JSON value each. Any other message closes it. */
export function socketConnection(socket: WebSocket): Connection {
  return {
    post: (value) => {
      if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(value));
    },
    onValue: (listener) => {
      socket.on('message', (data, isBinary) => {
        const parsed = isBinary ? undefined : parse(String(data));
        if (parsed === undefined) socket.close(badMessage);
        else listener(parsed.value);
      });
    },
    onClose: (listener) => socket.on('close', listener),
    close: () => socket.close(badMessage),
    get waiting() {
      return socket.bufferedAmount;
    },
  };
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}
