import type { MessagePortMain } from 'electron';
import type { Connection } from '../../shared/ipc/frames.ts';

/** Our end of a port as a connection for streams. A port does not report its buffered messages. */
export function portConnection(port: MessagePortMain): Connection {
  return {
    post: (value) => port.postMessage(value),
    onValue: (listener) => port.on('message', ({ data }) => listener(data)),
    onClose: (listener) => port.on('close', listener),
    close: () => port.close(),
    waiting: 0,
  };
}
