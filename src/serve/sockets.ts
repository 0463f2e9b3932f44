import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { StreamHandlers } from '../shared/ipc/contract.ts';
import { serveStreams } from '../shared/ipc/stream-server.ts';
import type { Access } from './access.ts';
import { socketConnection } from './socket-connection.ts';

const protocol = 'charloom';
const tokenPrefix = 'token.';
/** Opening words may be a million characters, each up to six bytes as JSON. */
const largestMessage = 8 << 20;
const maxSockets = 64;
const heartbeat = 30_000;

export interface SocketOptions {
  readonly access: Access;
  readonly streams: StreamHandlers;
  readonly onDefect: (error: unknown) => void;
}

/** Serves streams over WebSockets at /streams. Returns a function that closes them all. */
export function serveSockets(server: Server, options: SocketOptions): () => void {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: largestMessage,
    // Never the subprotocol with the token: the chosen one is echoed.
    handleProtocols: (offered) => (offered.has(protocol) ? protocol : false),
  });
  const isAlive = new WeakMap<WebSocket, boolean>();
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    const refusal = refusalOf(request, options.access, sockets.clients.size);
    if (refusal !== undefined) return refuse(stream, refusal);
    sockets.handleUpgrade(request, stream, head, (socket) => {
      isAlive.set(socket, true);
      socket.on('pong', () => isAlive.set(socket, true));
      // A message over the limit, a broken frame: after this event ws closes the socket itself.
      socket.on('error', () => undefined);
      serveStreams(socketConnection(socket), options.streams, options.onDefect);
    });
  });
  const timer = setInterval(() => {
    for (const socket of sockets.clients) {
      // A page whose machine has gone to sleep or left the network never closes its connection.
      if (isAlive.get(socket) === false) socket.terminate();
      isAlive.set(socket, false);
      socket.ping();
    }
  }, heartbeat);
  timer.unref();
  return () => {
    clearInterval(timer);
    for (const socket of sockets.clients) socket.close(1001);
    sockets.close();
  };
}

function refusalOf(request: IncomingMessage, access: Access, open: number): string | undefined {
  const { host, origin, 'sec-websocket-protocol': offered = '' } = request.headers;
  const protocols = offered.split(',').map((name) => name.trim());
  const token = protocols.find((name) => name.startsWith(tokenPrefix))?.slice(tokenPrefix.length);
  if (URL.parse(request.url ?? '/', 'http://host')?.pathname !== '/streams') return '404 Not Found';
  const refusal = access.refusal({ host, origin, token });
  if (refusal !== undefined) return refusal === 'no-token' ? '401 Unauthorized' : '403 Forbidden';
  // Every browser sends the Origin header for a WebSocket.
  if (origin === undefined) return '403 Forbidden';
  return open >= maxSockets ? '503 Service Unavailable' : undefined;
}

function refuse(stream: Duplex, status: string): void {
  stream.on('error', () => undefined);
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
