import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { serveBackend } from '../../src/engine/backends/remote/serve-backend.ts';
import { loadWasmBackend } from '../../src/node/wasm/backend.ts';
import { loadLateBackend } from './late-backend.ts';
import { portChannel } from './port-channel.ts';

/** Serves a backend from a separate thread, and reports when it has been released. */
const { port, stepsInFlight } = workerData as {
  readonly port: MessagePort;
  /** Of a backend that answers late and insists on the contract; without it, the embedded one. */
  readonly stepsInFlight?: number;
};

await serveBackend(portChannel(port), () =>
  stepsInFlight === undefined ? loadWasmBackend({ threads: 1 }) : loadLateBackend(stepsInFlight),
);
parentPort?.postMessage('disposed');
