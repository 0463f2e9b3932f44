import { fork, type ChildProcess, type ForkOptions } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import type { DoublePort } from './ports.ts';
import { isPortMessage, type PortMessage } from './port-messages.ts';

const parentPort = new URL('./parent-port.ts', import.meta.url).href;

interface UtilityOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly execArgv?: readonly string[];
  readonly cwd?: string;
  readonly stdio?: string | readonly ('ignore' | 'pipe' | 'inherit')[];
  readonly serviceName?: string;
}

/** What a test may ask of the system: to launch as usual, to refuse and say so, or to say nothing ever. */
type Launch = 'well' | 'refused' | 'never';

/** What `app` reports when a process has ended. */
interface Gone {
  readonly type: 'Utility';
  readonly reason: 'clean-exit' | 'abnormal-exit' | 'killed' | 'crashed' | 'oom' | 'launch-failed';
  readonly exitCode: number;
  readonly serviceName: string;
  readonly name: string;
}

/** A utility process: a child process with a `process.parentPort`. */
export class DoubleUtilityProcess extends EventEmitter {
  readonly #child: ChildProcess | undefined;
  #isSpawned = false;
  #isOver = false;
  #isKilled = false;
  readonly #ports = new Map<number, DoublePort>();
  readonly #exited = Promise.withResolvers<undefined>();
  #stdout: PassThrough | null;
  #stderr: PassThrough | null;

  constructor(child: ChildProcess | undefined, gone: (reason: Gone['reason'], exitCode: number) => void) {
    super();
    this.#child = child;
    this.#stdout = streamOf(child?.stdout, this.#exited.promise);
    this.#stderr = streamOf(child?.stderr, this.#exited.promise);
    child?.on('spawn', () => {
      this.#isSpawned = true;
      this.emit('spawn');
    });
    child?.on('message', (message) => {
      if (isPortMessage(message)) this.#hearPort(message);
      else this.emit('message', message);
    });
    child?.on('exit', (code, signal) => {
      const exitCode = code ?? (signal === 'SIGTERM' ? 15 : signal === 'SIGABRT' ? 6 : 9);
      this.#exit(this.#isKilled && code === null ? 0 : exitCode);
      // In Electron another observer reports it, in either order; the later one is the harder case.
      setImmediate(() => gone(reasonOf(code, signal), exitCode));
    });
  }

  get stdout(): PassThrough | null {
    return this.#stdout;
  }

  get stderr(): PassThrough | null {
    return this.#stderr;
  }

  get pid(): number | undefined {
    return this.#isSpawned && !this.#isOver ? this.#child?.pid : undefined;
  }

  postMessage(message: unknown, ports: readonly DoublePort[] = []): void {
    // Electron 44.0 crashed here.
    if (this.#isOver) throw new Error('postMessage() after exit');
    const ids = ports.map((port) => this.#handOver(port));
    if (ids.length === 0) this.#child?.send(structuredClone(message) as object);
    else this.#send({ doublePort: 'handed', ids, message });
  }

  /** Messages to the port are forwarded to the process. */
  #handOver(port: DoublePort): number {
    const id = this.#ports.size;
    this.#ports.set(id, port);
    port.on('message', ({ data }: { readonly data: unknown }) =>
      this.#send({ doublePort: 'message', id, data }),
    );
    port.on('close', () => this.#send({ doublePort: 'close', id }));
    port.start();
    return id;
  }

  #send(message: PortMessage): void {
    if (this.#child?.connected === true) this.#child.send(message, () => undefined);
  }

  #hearPort(message: PortMessage): void {
    if (message.doublePort === 'handed') return;
    const port = this.#ports.get(message.id);
    if (message.doublePort === 'close') port?.close();
    else port?.postMessage(message.data);
  }

  kill(): boolean {
    if (this.pid === undefined) return false;
    this.#isKilled = this.#child?.kill() ?? false;
    return this.#isKilled;
  }

  #exit(code: number): void {
    this.#isOver = true;
    // Everything that a process holds ends with it.
    for (const port of this.#ports.values()) port.close();
    try {
      this.emit('exit', code);
    } finally {
      this.#stdout?.removeAllListeners();
      this.#stderr?.removeAllListeners();
      this.#stdout = null;
      this.#stderr = null;
      setImmediate(() => this.#exited.resolve(undefined));
    }
  }
}

/** `utilityProcess`. */
export class DoubleUtilityProcesses {
  /** How the next ones are launched. */
  launch: Launch = 'well';
  readonly #app: EventEmitter;

  constructor(app: EventEmitter) {
    this.#app = app;
  }

  fork(path: string, words: readonly string[] = [], options: UtilityOptions = {}): DoubleUtilityProcess {
    const gone = (reason: Gone['reason'], exitCode: number): void => {
      const name = options.serviceName ?? 'Node Utility Process';
      const serviceName = 'node.mojom.NodeService';
      const details: Gone = { type: 'Utility', reason, exitCode, serviceName, name };
      this.#app.emit('child-process-gone', {}, details);
    };
    const forkOptions = forkOptionsOf(options);
    if (this.launch === 'refused') setImmediate(() => gone('launch-failed', 1));
    return new DoubleUtilityProcess(
      this.launch === 'well' ? fork(path, words, forkOptions) : undefined,
      gone,
    );
  }
}

function forkOptionsOf({ env, execArgv = [], cwd, stdio = 'inherit' }: UtilityOptions): ForkOptions {
  for (const [name, value] of Object.entries(env ?? {})) {
    if (typeof value !== 'string') throw new TypeError(`env.${name} is not a string`);
  }
  const [stdin, stdout, stderr] =
    typeof stdio === 'string' ? ['ignore' as const, stdio as 'pipe', stdio as 'pipe'] : stdio;
  if (stdin !== 'ignore') throw new TypeError('stdin of a utility process is always ignored');
  return {
    serialization: 'advanced',
    execArgv: ['--import', parentPort, ...execArgv],
    stdio: [stdin, stdout ?? 'inherit', stderr ?? 'inherit', 'ipc'],
    ...(env === undefined ? {} : { env }),
    ...(cwd === undefined ? {} : { cwd }),
  };
}

/**
 * A stream of the process as Electron passes it on. The last output is held back until the exit is reported: in Electron either may come first, and
 * this is the harder case.
 */
function streamOf(source: ChildProcess['stdout'] | undefined, exited: Promise<unknown>): PassThrough | null {
  if (source === null || source === undefined) return null;
  const stream = new PassThrough();
  let held: Buffer | undefined;
  source.on('data', (chunk: Buffer) => {
    if (held !== undefined) stream.write(held);
    held = chunk;
  });
  source.on('end', () => void exited.then(() => stream.end(held)));
  return stream;
}

function reasonOf(code: number | null, signal: NodeJS.Signals | null): Gone['reason'] {
  if (code !== null) return code === 0 ? 'clean-exit' : 'abnormal-exit';
  return signal === 'SIGKILL' || signal === 'SIGTERM' ? 'killed' : 'crashed';
}
