import { dirname, resolve } from 'node:path';
import { shellCommand, type ShellReader } from '../shared/format/shell-quote.ts';

/** The shell that a command to copy is meant for. */
export const terminal: ShellReader = process.platform === 'win32' ? 'windows' : 'posix';

/** A command line to type next, starting like this one: with npx, or with the program's own name. */
export function suggestedCommand(
  words: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): string {
  const program = environment['npm_command'] === 'exec' ? 'npx charloom' : 'charloom';
  return `${program} ${shellCommand(words, terminal)}`;
}

/** What to call a run by: its name where that is enough, its folder where runs are kept somewhere else. */
export function runArgument(folder: string, defaultRunsFolder: string): string {
  const parent = dirname(folder);
  return parent === resolve(defaultRunsFolder) ? folder.slice(parent.length + 1) : folder;
}
