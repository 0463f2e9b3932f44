import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DawnGraphics } from '../../src/processes/dawn-graphics.ts';
import { nodeFork } from '../../src/processes/node-fork.ts';
import { answer, readReply } from '../../src/shared/ipc/answer.ts';
import type {
  OpenStream,
  RequestName,
  RequestParams,
  RequestResult,
  StreamItem,
  StreamName,
  StreamParams,
} from '../../src/shared/ipc/contract.ts';
import { StreamClient } from '../../src/shared/ipc/stream-client.ts';
import { serveStreams } from '../../src/shared/ipc/stream-server.ts';
import { SettingsKeeper } from '../../src/workbench/settings-keeper.ts';
import { createWorkbench } from '../../src/workbench/workbench.ts';
import type { Workbench } from '../../src/workbench/workbench-types.ts';
import { connectedPair } from './connections.ts';
import { root } from './processes.ts';

/** A page's view of a workbench: everything goes through the contract, checked at both ends as on any transport. */
export class WorkbenchPage {
  readonly workbench: Workbench;
  readonly defects: unknown[];
  readonly #client = new StreamClient();

  constructor(workbench: Workbench, defects: unknown[]) {
    this.workbench = workbench;
    this.defects = defects;
    const [page, host] = connectedPair();
    serveStreams(host, workbench.handlers.streams, (error) => defects.push(error));
    this.#client.attach(page);
  }

  async request<N extends RequestName>(name: N, params: RequestParams<N>): Promise<RequestResult<N>> {
    const onDefect = (error: unknown): void => void this.defects.push(error);
    const reply = await answer(this.workbench.handlers.requests, name, params, onDefect);
    return readReply(name, structuredClone(reply));
  }

  open<N extends StreamName>(name: N, params: StreamParams<N>): Heard<N> {
    const heard = new Heard<N>();
    heard.attach(this.#client.open(name, params, (item) => heard.hear(item)));
    return heard;
  }
}

/** All items of a stream, to wait for. */
export class Heard<N extends StreamName> {
  readonly items: StreamItem<N>[] = [];
  #stream: OpenStream<N> | undefined;
  #waiting: (() => void)[] = [];
  #end: Promise<void> | undefined;
  #hasEnded = false;

  attach(stream: OpenStream<N>): void {
    this.#stream = stream;
    const wake = (): void => {
      this.#hasEnded = true;
      this.#wake();
    };
    this.#end = stream.ended;
    stream.ended.then(wake, wake);
  }

  hear(item: StreamItem<N>): void {
    this.items.push(item);
    this.#wake();
  }

  get stream(): OpenStream<N> {
    if (this.#stream === undefined) throw new Error('not opened');
    return this.#stream;
  }

  /** The first item from `from` on that fits, now or later; fails when the stream ends without one. */
  async item<T extends StreamItem<N>>(fits: (item: StreamItem<N>) => item is T, from?: number): Promise<T>;
  async item(fits: (item: StreamItem<N>) => boolean, from?: number): Promise<StreamItem<N>>;
  async item(fits: (item: StreamItem<N>) => boolean, from = 0): Promise<StreamItem<N>> {
    for (;;) {
      const found = this.items.slice(from).find(fits);
      if (found !== undefined) return found;
      if (this.#hasEnded) {
        await this.#end;
        throw new Error(`ended without it: ${JSON.stringify(this.items.slice(-5))}`);
      }
      await new Promise<void>((wake) => this.#waiting.push(wake));
    }
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}

export interface WorkbenchFolders {
  readonly home: string;
  readonly runs: string;
}

/** A user's own folders. */
export function newFolders(): WorkbenchFolders {
  const home = mkdtempSync(join(tmpdir(), 'charloom-workbench-'));
  return { home, runs: join(home, 'runs') };
}

/** A workbench with real built compute processes. */
export async function openWorkbench({ home, runs }: WorkbenchFolders): Promise<WorkbenchPage> {
  const defects: unknown[] = [];
  const fork = nodeFork(join(root, 'out/main/compute.js'));
  let kept: unknown;
  const workbench = await createWorkbench({
    homeFolder: home,
    runsFolder: runs,
    fork,
    graphics: new DawnGraphics(fork),
    settings: new SettingsKeeper({ path: '', read: () => kept, write: (settings) => (kept = settings) }),
    host: {
      info: { host: 'browser', canReveal: false, canChooseFiles: false },
      chooseTexts: () => Promise.resolve([]),
      reveal: () => Promise.resolve(),
      openFolder: () => Promise.resolve(),
      openLink: () => Promise.resolve(),
    },
    onDefect: (error) => void defects.push(error),
  });
  return new WorkbenchPage(workbench, defects);
}
