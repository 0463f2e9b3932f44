import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import type { Backend } from '../../src/engine/backends/backend.ts';
import { connectBackend } from '../../src/engine/backends/remote/connect-backend.ts';
import { portChannel } from './port-channel.ts';

/** The reason that a test gives for a closed channel. */
export const lostSentence = 'The other end is gone.';

/** A backend that another thread computes on. */
export interface ServedBackend {
  readonly backend: Backend;
  readonly worker: Worker;
  readonly port: MessagePort;
}

/** Serves the embedded backend, or one that answers late with so many steps in flight, from another thread. */
export async function serveFromThread(stepsInFlight?: number): Promise<ServedBackend> {
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(new URL('./backend-worker.ts', import.meta.url), {
    workerData: { port: port2, stepsInFlight },
    transferList: [port2],
  });
  return { backend: await connectBackend(portChannel(port1), lostSentence), worker, port: port1 };
}
