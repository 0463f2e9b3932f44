import { EventEmitter } from 'node:events';
import { isPortMessage, type PortMessage } from './port-messages.ts';
import { DoubleChannel, type DoublePort } from './ports.ts';
import { forgetFlags } from './v8-flags.ts';

interface Received {
  readonly data: unknown;
  readonly ports: readonly DoublePort[];
}

/** Ports that were handed over, by their numbers: the ends that this side relays for. */
const relays = new Map<number, DoublePort>();

/** `process.parentPort` of a utility process: messages wait for the first listener. */
class ParentPort extends EventEmitter {
  constructor() {
    super();
    const waiting: Received[] = [];
    const receive = (received: Received): void => {
      if (this.listenerCount('message') === 0) waiting.push(received);
      else this.emit('message', received);
    };
    process.on('message', (data) => {
      if (!isPortMessage(data)) receive({ data, ports: [] });
      else if (data.doublePort === 'handed') receive({ data: data.message, ports: data.ids.map(openPort) });
      else hearPort(data);
    });
    this.on('newListener', (name) => {
      if (name !== 'message') return;
      setImmediate(() => {
        for (const received of waiting.splice(0)) this.emit('message', received);
      });
    });
  }

  postMessage(message: unknown): void {
    process.send?.(structuredClone(message) as object);
  }
}

/** A port of this process that speaks through the parent. */
function openPort(id: number): DoublePort {
  const { port1, port2 } = new DoubleChannel();
  const send = (message: PortMessage): void => void (process.connected && process.send?.(message));
  port1.on('message', ({ data }: { readonly data: unknown }) => send({ doublePort: 'message', id, data }));
  port1.on('close', () => send({ doublePort: 'close', id }));
  port1.start();
  relays.set(id, port1);
  return port2;
}

function hearPort(message: Exclude<PortMessage, { doublePort: 'handed' }>): void {
  const port = relays.get(message.id);
  if (message.doublePort === 'close') port?.close();
  else port?.postMessage(message.data);
}

forgetFlags();
Object.defineProperty(process, 'parentPort', { value: new ParentPort() });
// A utility process has no IPC channel of Node's and ends with its parent.
process.on('disconnect', () => process.exit(137));
