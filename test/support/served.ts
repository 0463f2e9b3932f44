import WebSocket from 'ws';
import { readReply } from '../../src/shared/ipc/answer.ts';
import type { RequestName, RequestParams, RequestResult } from '../../src/shared/ipc/contract.ts';
import { StreamClient } from '../../src/shared/ipc/stream-client.ts';
import { socketConnection } from '../../src/serve/socket-connection.ts';
import { readTransfer } from '../../src/shared/ipc/transfers.ts';
import type { Text } from '../../src/shared/domain/text.ts';
import { Heard } from './workbench.ts';
import { startCharloom, type Running, type StartOptions } from './processes.ts';
import type { StreamName, StreamParams } from '../../src/shared/ipc/contract.ts';

/** `charloom serve` as a process, and this test as one of its pages. */
export class Served {
  readonly running: Running;
  readonly address: string;
  readonly addressWithToken: string;
  readonly #token: string;

  private constructor(running: Running, addressWithToken: string) {
    const { origin, hash } = new URL(addressWithToken);
    this.running = running;
    this.addressWithToken = addressWithToken;
    this.address = origin;
    this.#token = new URLSearchParams(hash.slice(1)).get('token') ?? '';
  }

  static async start(words: readonly string[], options: StartOptions): Promise<Served> {
    return Served.over(startCharloom(['serve', '--json', '--no-open', ...words], options));
  }

  /** The one that a process serves. */
  static async over(running: Running): Promise<Served> {
    const { address } = JSON.parse(await running.line(() => true)) as { readonly address: string };
    return new Served(running, address);
  }

  async request<N extends RequestName>(name: N, params: RequestParams<N>): Promise<RequestResult<N>> {
    const response = await fetch(`${this.address}/api/${name}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${this.#token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(params),
    });
    return readReply(name, await response.json());
  }

  async upload(name: string, content: string): Promise<Text> {
    const response = await fetch(`${this.address}/upload/text?${new URLSearchParams({ name }).toString()}`, {
      method: 'PUT',
      headers: { Authorization: `Bearer ${this.#token}` },
      body: content,
    });
    return readTransfer('text', await response.json());
  }

  download(query: Readonly<Record<string, string>>): Promise<Response> {
    return fetch(`${this.address}/download/checkpoint?${new URLSearchParams(query).toString()}`, {
      headers: { Authorization: `Bearer ${this.#token}` },
    });
  }

  /** Opens a stream over a separate socket, like a page that has just loaded. */
  async open<N extends StreamName>(
    name: N,
    params: StreamParams<N>,
  ): Promise<{ readonly heard: Heard<N>; readonly socket: WebSocket }> {
    const socket = new WebSocket(
      `${this.address.replace('http', 'ws')}/streams`,
      ['charloom', `token.${this.#token}`],
      { origin: this.address },
    );
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    const client = new StreamClient();
    client.attach(socketConnection(socket));
    const heard = new Heard<N>();
    heard.attach(client.open(name, params, (item) => heard.hear(item)));
    return { heard, socket };
  }
}
