import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { CharloomError } from '../shared/errors.ts';
import type { Workbench } from '../workbench/workbench-types.ts';
import { Access, isLoopback, makeToken } from './access.ts';
import { servePages } from './pages.ts';
import { createHttpServer } from './server.ts';
import { serveSockets } from './sockets.ts';

export interface BrowserHostOptions {
  readonly workbench: Workbench;
  /** The folder of the built pages. */
  readonly pages: string;
  /** The name or address to listen on; by default only this machine's own. */
  readonly host?: string;
  /** 0 takes any free port. */
  readonly port?: number;
  /** For a host that replaces another whose pages must be able to reconnect. */
  readonly token?: string;
  readonly onDefect?: (error: unknown) => void;
}

export interface BrowserHost {
  /** The address of the pages; gives no access without the token. */
  readonly address: string;
  /** The address to open, with the token in its fragment, which no request carries. */
  readonly addressWithToken: string;
  readonly token: string;
  /** Whether other machines can reach it. */
  readonly isExposed: boolean;
  /** Closes every connection and frees the port. The workbench keeps running. */
  close(): Promise<void>;
}

/** Serves the workbench to browsers. The token is created at every start and known only from the printed address. */
export async function startBrowserHost(options: BrowserHostOptions): Promise<BrowserHost> {
  const { workbench, host = '127.0.0.1', port = 0, token = makeToken() } = options;
  const { onDefect = () => undefined } = options;
  const access = new Access(token, host);
  const server = createHttpServer({ workbench, access, pages: servePages(options.pages), onDefect });
  const closeSockets = serveSockets(server, { access, streams: workbench.handlers.streams, onDefect });
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    closeSockets();
    throw cannotListen(error, host, port);
  }
  const address = addressOf(host, (server.address() as AddressInfo).port);
  return {
    address,
    addressWithToken: `${address}/#token=${token}`,
    token,
    isExposed: !isLoopback(host),
    close: async () => {
      closeSockets();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // Browsers keep connections open for reuse, which would delay the end.
      server.closeAllConnections();
      await closed;
    },
  };
}

/** A browser cannot open the address that means "every address". */
function addressOf(host: string, port: number): string {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

function cannotListen(error: unknown, host: string, port: number): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return new CharloomError('usage', `Port ${port} is in use.`, {
        fix: 'Choose another with --port, or omit --port to use any free port.',
      });
    case 'EACCES':
      return new CharloomError('usage', `This account may not use port ${port}.`, {
        fix: 'Choose one above 1023 with --port.',
      });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new CharloomError('usage', `"${host}" is not an address of this machine.`, {
        fix: 'Use --host 127.0.0.1 for this machine only, or --host 0.0.0.0 for all networks.',
      });
    default:
      return error;
  }
}
