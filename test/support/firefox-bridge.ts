// node firefox-bridge.ts FIREFOX WORDS...: Firefox as Playwright wants it. Playwright states what is emulated even where nothing is, and an extended support
// release does not know all of these commands yet. This stands between the two and takes "unknown command" for the answer to a command of emulation.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { WebSocket, WebSocketServer } from 'ws';

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly error?: string;
}

/** Joins a client to the browser's address. */
function join(client: WebSocket, address: string): void {
  const browser = new WebSocket(address);
  const emulations = new Set<number>();
  const waiting: string[] = [];
  browser.on('open', () => waiting.splice(0).forEach((text) => browser.send(text)));
  client.on('message', (data: Buffer) => {
    const text = data.toString();
    const { id, method } = JSON.parse(text) as Message;
    if (id !== undefined && method?.startsWith('emulation.') === true) emulations.add(id);
    if (browser.readyState === WebSocket.OPEN) browser.send(text);
    else waiting.push(text);
  });
  browser.on('message', (data: Buffer) => {
    const text = data.toString();
    const { id, error } = JSON.parse(text) as Message;
    const isUnknown = error === 'unknown command' && id !== undefined && emulations.has(id);
    client.send(isUnknown ? JSON.stringify({ type: 'success', id, result: {} }) : text);
  });
  client.on('close', () => browser.close());
  browser.on('close', () => client.close());
  browser.on('error', () => client.close());
}

/** Listens for Playwright; resolves with the address, to which it adds a path. */
async function bridgeTo(browser: string): Promise<string> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  server.on('connection', (client, { url = '' }) => join(client, `${browser}${url}`));
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const [program = '', ...words] = process.argv.slice(2);
const firefox = spawn(program, words, { stdio: ['ignore', 'inherit', 'pipe'] });
process.on('SIGTERM', () => firefox.kill());
firefox.on('exit', (code) => process.exit(code ?? 1));
for await (const line of createInterface({ input: firefox.stderr })) {
  const [, address] = /^WebDriver BiDi listening on (ws:\S+)/.exec(line) ?? [];
  process.stderr.write(
    address === undefined ? `${line}\n` : `WebDriver BiDi listening on ${await bridgeTo(address)}\n`,
  );
}
