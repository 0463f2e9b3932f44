import type { MessagePort } from 'node:worker_threads';
import type { Channel } from '../../src/engine/backends/remote/messages.ts';

/** An end of one of Node's MessageChannels. */
export function portChannel(port: MessagePort): Channel {
  return {
    post: (value) => port.postMessage(value),
    onValue: (listener) => port.on('message', listener),
    onClose: (listener) => port.on('close', listener),
    close: () => port.close(),
  };
}
