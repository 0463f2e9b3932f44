import type { Backend } from '../engine/backends/backend.ts';
import type { Channel } from '../engine/backends/remote/messages.ts';
import { openBackend } from '../node/backend/providers.ts';
import type { BackendReference } from '../shared/domain/backends.ts';

/** Opens the backend of a job, with this number of threads (0: the backend's own default). */
export type OpenJobBackend = (backend: BackendReference, threads: number) => Promise<Backend>;

/** @param graphics opens a channel to a window of the host that computes on the graphics card */
export function backendOpener(graphics: () => Promise<Channel>): OpenJobBackend {
  return (backend, threads) =>
    openBackend(backend, {
      threads,
      openInWindow: async () => {
        const { connectBackend } = await import('../engine/backends/remote/connect-backend.ts');
        return connectBackend(await graphics(), 'The window that uses the graphics card has closed.');
      },
    });
}
