import { spawn } from 'node:child_process';
import { CharloomError } from '../../shared/errors.ts';

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  /** The end of its stderr output. */
  readonly stderr: string;
}

export interface CommandOptions {
  readonly signal: AbortSignal;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Called with each line of stdout. */
  readonly onLine?: (line: string) => void;
}

const keptCharacters = 20_000;

/** Runs a program to its end; throws only if it is not found or is cancelled. Aborting the signal ends the program. */
export function runCommand(
  program: string,
  words: readonly string[],
  { signal, env, cwd, onLine }: CommandOptions,
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, {
      signal,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      ...(env === undefined ? {} : { env }),
      ...(cwd === undefined ? {} : { cwd }),
    });
    let stdout = '';
    let stderr = '';
    let line = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout = (stdout + text).slice(-keptCharacters);
      const lines = (line + text).split('\n');
      line = lines.pop() ?? '';
      for (const whole of lines) onLine?.(whole);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-keptCharacters);
    });
    // Waits even for a cancelled program: cleaning up must not race with its last writes.
    child.on('error', (error) => {
      if (!signal.aborted) reject(error);
      else if (child.pid === undefined) reject(cancelled());
    });
    child.on('close', (code) => (signal.aborted ? reject(cancelled()) : resolve({ code, stdout, stderr })));
  });
}

/** True when the program exists and `--version` succeeds. */
export async function answers(
  program: string,
  words: readonly string[],
  signal: AbortSignal,
): Promise<boolean> {
  try {
    return (await runCommand(program, words, { signal })).code === 0;
  } catch (error) {
    if (error instanceof CharloomError) throw error;
    return false;
  }
}

export function cancelled(): CharloomError {
  return new CharloomError('cancelled', 'The installation was cancelled; nothing was changed.', {
    fix: 'The download is kept; the next attempt continues from there.',
  });
}

/** The last few lines of a program's error output, for an error message. */
export function lastLines(text: string, count = 4): string {
  return text.trim().split('\n').slice(-count).join('\n');
}

/** The line with a program's error ("Error: connect ECONNREFUSED ..."), or its last lines. */
export function complaint(text: string): string {
  const errors = text.split('\n').filter((line) => /^\s*(\w*error|fatal)\b.*:/i.test(line));
  return errors.at(-1)?.trim() ?? lastLines(text);
}

/** Whether a failed installer could not reach its server. */
export function saysOffline({ stdout, stderr }: CommandResult): boolean {
  const words = /ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|ECONNRESET|npm (?:error|ERR!) network/;
  return words.test(`${stdout}\n${stderr}`);
}
