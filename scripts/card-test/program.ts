import { spawn } from 'node:child_process';
import { join } from 'node:path';

const program = join(import.meta.dirname, '..', '..', 'bin', 'charloom.js');

/** The result of a command. */
export interface Answer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CallOptions {
  /** Sends Ctrl-C once this occurs in a line of its output. */
  readonly interruptAt?: string;
}

/** Runs one of Charloom's commands to its end. */
export function charloom(words: readonly string[], options: CallOptions = {}): Promise<Answer> {
  return run(process.execPath, [program, ...words], options);
}

/** Runs any program to its end; the code of one that cannot be started is null. */
export function run(
  file: string,
  words: readonly string[],
  { interruptAt }: CallOptions = {},
): Promise<Answer> {
  return new Promise((resolve) => {
    const child = spawn(file, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    const said = { stdout: '', stderr: '' };
    let waits = interruptAt !== undefined;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said.stdout += text;
      if (!waits || !said.stdout.includes(interruptAt ?? '')) return;
      waits = false;
      child.kill('SIGINT');
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
    child.on('error', (error) => resolve({ code: null, stdout: '', stderr: error.message }));
    child.on('close', (code) => resolve({ code, ...said }));
  });
}

/** The JSON objects that a command wrote, one per line. */
export function jsonLines({ stdout }: Answer): unknown[] {
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line): unknown => JSON.parse(line));
}

/** Why a command failed, short enough for a table. */
export function complaintOf({ code, stderr }: Answer): string {
  const sentence =
    stderr
      .trim()
      .split('\n')
      .findLast((line) => line.startsWith('charloom:')) ?? stderr.trim();
  return sentence === '' ? `ended with ${code}` : sentence.replace(/^charloom: /, '').slice(0, 200);
}
