import { MessageChannel } from 'node:worker_threads';
import type { Connection } from '../../src/shared/ipc/frames.ts';

/** Two ends of a connection that copies what it carries, as both real transports do. */
export function connectedPair(): readonly [Connection, Connection] {
  const { port1, port2 } = new MessageChannel();
  return [connection(port1), connection(port2)];
}

function connection(port: MessageChannel['port1']): Connection {
  return {
    post: (value) => port.postMessage(value),
    onValue: (listener) => port.on('message', listener),
    onClose: (listener) => port.on('close', listener),
    close: () => port.close(),
    waiting: 0,
  };
}
