import { fork, type ChildProcess, type ForkOptions } from 'node:child_process';
import { EventEmitter } from 'node:events';

const parentPort = new URL('./parent-port.ts', import.meta.url).href;

interface UtilityOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly execArgv?: readonly string[];
  readonly cwd?: string;
  readonly stdio?: string | readonly ('ignore' | 'pipe' | 'inherit')[];
  readonly serviceName?: string;
}

/** `utilityProcess`: child processes with a `process.parentPort`. */
export class DoubleUtilityProcess extends EventEmitter {
  readonly #child: ChildProcess;
  readonly stdout: ChildProcess['stdout'];
  readonly stderr: ChildProcess['stderr'];
  #isOver = false;

  constructor(child: ChildProcess) {
    super();
    this.#child = child;
    this.stdout = child.stdout;
    this.stderr = child.stderr;
    child.on('spawn', () => this.emit('spawn'));
    child.on('message', (message) => this.emit('message', message));
    child.on('exit', (code, signal) => {
      this.#isOver = true;
      this.emit('exit', code ?? (signal === 'SIGTERM' ? 15 : 9));
    });
  }

  get pid(): number | undefined {
    return this.#isOver ? undefined : this.#child.pid;
  }

  postMessage(message: unknown): void {
    // Electron 44.0 crashed here.
    if (this.#isOver) throw new Error('postMessage() after exit');
    this.#child.send(structuredClone(message) as object);
  }

  kill(): boolean {
    return this.#child.kill();
  }
}

export const utilityProcess = {
  fork(path: string, words: readonly string[] = [], options: UtilityOptions = {}): DoubleUtilityProcess {
    for (const [name, value] of Object.entries(options.env ?? {})) {
      if (typeof value !== 'string') throw new TypeError(`env.${name} is not a string`);
    }
    const { stdio = 'inherit' } = options;
    const [stdin, stdout, stderr] =
      typeof stdio === 'string' ? ['ignore' as const, stdio as 'pipe', stdio as 'pipe'] : stdio;
    if (stdin !== 'ignore') throw new TypeError('stdin of a utility process is always ignored');
    const forkOptions: ForkOptions = {
      serialization: 'advanced',
      execArgv: ['--import', parentPort, ...(options.execArgv ?? [])],
      stdio: [stdin, stdout ?? 'inherit', stderr ?? 'inherit', 'ipc'],
      ...(options.env === undefined ? {} : { env: options.env }),
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    };
    return new DoubleUtilityProcess(fork(path, words, forkOptions));
  },
};
