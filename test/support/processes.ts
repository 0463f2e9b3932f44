import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

export const root = resolve(import.meta.dirname, '../..');
const launcher = resolve(root, 'bin/charloom.js');

export interface Finished {
  /** Null when a signal ended the process. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A real process whose output is gathered and can be waited for. */
export class Running {
  readonly process: ChildProcess;
  readonly finished: Promise<Finished>;
  readonly #lines: string[] = [];
  #waiting: (() => void)[] = [];
  #ended = false;

  constructor(child: ChildProcess) {
    this.process = child;
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    if (child.stdout !== null) {
      createInterface({ input: child.stdout }).on('line', (line) => {
        this.#lines.push(line);
        this.#wake();
      });
    }
    this.finished = once(child, 'close').then(([code, signal]) => {
      this.#ended = true;
      this.#wake();
      return { code, signal, stdout, stderr } as Finished;
    });
  }

  /** Resolves with the first line of stdout that fits, now or later; fails when the process ends without one. */
  async line(fits: (line: string) => boolean): Promise<string> {
    for (;;) {
      const found = this.#lines.find(fits);
      if (found !== undefined) return found;
      if (this.#ended) throw new Error(`ended without that line: ${JSON.stringify(await this.finished)}`);
      await new Promise<void>((wake) => this.#waiting.push(wake));
    }
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}

export interface StartOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Whom it runs as; only root may choose. */
  readonly uid?: number;
  readonly gid?: number;
}

export interface RunOptions extends StartOptions {
  /** What it reads from standard input; nothing by default. */
  readonly input?: string;
}

/** Starts `node file words...` on the Node that runs the tests. */
export function startNode(words: readonly string[], options: StartOptions = {}): Running {
  // Like a program that is installed: commands to type next start with its name, whatever started the tests.
  const env = { ...process.env, npm_command: '', CHARLOOM_LAUNCHED: 'charloom', ...options.env };
  return new Running(spawn(process.execPath, words, { cwd: root, ...options, env, stdio: 'pipe' }));
}

/** Starts the built command line as a user would. */
export function startCharloom(words: readonly string[], options: StartOptions = {}): Running {
  return startNode([launcher, ...words], options);
}

/** Runs the built command line to its end. */
export function charloom(
  words: readonly string[],
  { input = '', ...options }: RunOptions = {},
): Promise<Finished> {
  const running = startCharloom(words, options);
  running.process.stdin?.end(input);
  return running.finished;
}

/** Every line of stdout parsed as JSON; throws when a line is anything else. */
export function jsonLines(stdout: string): unknown[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));
}
