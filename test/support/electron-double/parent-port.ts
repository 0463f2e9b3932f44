import { EventEmitter } from 'node:events';
import { forgetFlags } from './v8-flags.ts';

/** `process.parentPort` of a utility process: messages wait until somebody listens. */
class ParentPort extends EventEmitter {
  constructor() {
    super();
    const waiting: unknown[] = [];
    process.on('message', (data) => {
      if (this.listenerCount('message') === 0) waiting.push(data);
      else this.emit('message', { data, ports: [] });
    });
    this.on('newListener', (name) => {
      if (name !== 'message') return;
      setImmediate(() => {
        for (const data of waiting.splice(0)) this.emit('message', { data, ports: [] });
      });
    });
  }

  postMessage(message: unknown): void {
    process.send?.(structuredClone(message) as object);
  }
}

forgetFlags();
Object.defineProperty(process, 'parentPort', { value: new ParentPort() });
// A utility process has no IPC channel of Node's and ends with its parent.
process.on('disconnect', () => process.exit(137));
