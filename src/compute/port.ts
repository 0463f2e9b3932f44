import { setTimeout as wait } from 'node:timers/promises';
import { commandSchema, type Command, type Report } from '../shared/compute/messages.ts';

/** Milliseconds for what was posted to leave a utility process, which cannot tell when it has. */
const electronFarewell = 100;

/** The way to the parent: Node's IPC channel, or Electron's parent port in a utility process. */
export interface ParentPort {
  post(report: Report): void;
  onCommand(listener: (command: Command) => void): void;
  /** The parent is gone, and nobody is left to compute for. */
  onGone(listener: () => void): void;
  /** Ends the process once everything posted has been written. */
  end(code: number): Promise<never>;
}

/** What Electron puts on `process` in a utility process. */
interface ElectronParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

/** Finds the parent. Throws when there is none: this entry is not for the command line. */
export function connectToParent(): ParentPort {
  const { parentPort } = process as unknown as { readonly parentPort?: ElectronParentPort };
  if (parentPort !== undefined) return electronPort(parentPort);
  if (process.send !== undefined) return nodePort();
  throw new Error('a compute process is started by Charloom, not by hand');
}

/** Electron ends utility processes with their parent. */
function electronPort(port: ElectronParentPort): ParentPort {
  return {
    post: (report) => port.postMessage(report),
    onCommand: (listener) => port.on('message', ({ data }) => listener(commandSchema.parse(data))),
    onGone: () => undefined,
    end: async (code) => {
      await wait(electronFarewell);
      process.exit(code);
    },
  };
}

function nodePort(): ParentPort {
  let written: Promise<unknown> = Promise.resolve();
  return {
    post: (report) => {
      if (!process.connected) return;
      written = new Promise((resolve) => process.send?.(report, undefined, undefined, resolve));
    },
    onCommand: (listener) => process.on('message', (message) => listener(commandSchema.parse(message))),
    onGone: (listener) => process.on('disconnect', listener),
    end: async (code) => {
      if (process.connected) await written;
      process.exit(code);
    },
  };
}
