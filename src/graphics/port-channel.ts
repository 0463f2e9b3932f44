import type { Channel } from '../engine/backends/remote/messages.ts';

/** An end of a page's MessageChannel. Messages wait for the first listener. */
export function portChannel(port: MessagePort): Channel {
  return {
    post: (value) => port.postMessage(value),
    onValue: (listener) => {
      port.onmessage = ({ data }: MessageEvent<unknown>) => listener(data);
    },
    onClose: (listener) => port.addEventListener('close', listener),
    close: () => port.close(),
  };
}
