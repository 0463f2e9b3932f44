import { setTimeout as wait } from 'node:timers/promises';
import type { Channel } from '../engine/backends/remote/messages.ts';
import { CharloomError } from '../shared/errors.ts';
import { commandSchema, type Command, type Report } from '../shared/compute/messages.ts';

/** Milliseconds for posted messages to leave a utility process, which gets no confirmation. */
const electronFarewell = 100;

/** The connection to the parent: Node's IPC channel, or Electron's parent port in a utility process. */
export interface ParentPort {
  post(report: Report): void;
  onCommand(listener: (command: Command) => void): void;
  /**
   * A channel to a window that computes on the graphics card; the parent hands it over before a job that needs it.
   * @throws CharloomError('backend-unavailable') if the parent has no such windows
   */
  graphics(): Promise<Channel>;
  /** The parent has ended, and no one needs the result. */
  onGone(listener: () => void): void;
  /** Ends the process after everything posted has been written. */
  end(code: number): Promise<never>;
}

/** What Electron puts on `process` in a utility process. */
interface ElectronParentPort {
  postMessage(message: unknown): void;
  on(
    event: 'message',
    listener: (event: { readonly data: unknown; readonly ports: readonly ElectronPort[] }) => void,
  ): void;
}

/** Electron's MessagePortMain. */
interface ElectronPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
  on(event: 'close', listener: () => void): void;
  start(): void;
  close(): void;
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
  const graphics = Promise.withResolvers<Channel>();
  return {
    post: (report) => port.postMessage(report),
    onCommand: (listener) =>
      port.on('message', ({ data, ports: [handed] }) => {
        const command = commandSchema.parse(data);
        if (command.kind !== 'graphics') listener(command);
        else if (handed !== undefined) graphics.resolve(channelOf(handed));
      }),
    graphics: () => graphics.promise,
    onGone: () => undefined,
    end: async (code) => {
      await wait(electronFarewell);
      process.exit(code);
    },
  };
}

function channelOf(port: ElectronPort): Channel {
  return {
    post: (value) => port.postMessage(value),
    onValue: (listener) => {
      port.on('message', ({ data }) => listener(data));
      port.start();
    },
    onClose: (listener) => port.on('close', listener),
    close: () => port.close(),
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
    graphics: () =>
      Promise.reject(
        new CharloomError(
          'backend-unavailable',
          'Only the desktop application can use the graphics card through a window.',
          { fix: 'Choose another backend.' },
        ),
      ),
    onGone: (listener) => process.on('disconnect', listener),
    end: async (code) => {
      if (process.connected) await written;
      process.exit(code);
    },
  };
}
