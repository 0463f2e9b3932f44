import { basename, dirname, relative, resolve, sep } from 'node:path';
import { shellCommand, type ShellReader } from '../shared/format/shell-quote.ts';
import { commandNames } from './command-names.ts';

/** The shell that a command to copy is meant for. */
export const terminal: ShellReader = process.platform === 'win32' ? 'windows' : 'posix';

/** How this program was started. */
export interface Start {
  readonly environment: NodeJS.ProcessEnv;
  /** The script as the system was given it: the launcher, or a link to it. */
  readonly script: string | undefined;
  readonly folder: string;
}

function ownStart(): Start {
  const environment = process.env;
  // The launcher starts another script when it had to look for a newer Node, and says which it is itself.
  const launched = environment['CHARLOOM_LAUNCHED'];
  return { environment, script: launched ?? process.argv[1], folder: process.cwd() };
}

/** What a command line to type begins with: npx, the program's own name, or in a checkout the launcher's path. */
function programWords({ environment, script, folder }: Start): string {
  if (environment['npm_command'] === 'exec') return 'npx charloom';
  // npm starts an installed program by this path on Windows, and by a link elsewhere.
  const isInstalled = script?.split(sep).includes('node_modules') ?? true;
  if (script === undefined || isInstalled || basename(script) !== 'charloom.js') return 'charloom';
  const within = relative(folder, script);
  return shellCommand(['node', within.startsWith('..') ? script : within], terminal);
}

/** A command line to type next, starting like this one. */
export function suggestedCommand(words: readonly string[], start: Start = ownStart()): string {
  return `${programWords(start)} ${shellCommand(words, terminal)}`;
}

/** No part of a path, and not spelled out already. */
const command = new RegExp(String.raw`(?<![\w./\\-]|npx )charloom (?=(?:${commandNames.join('|')})\b)`, 'g');

/** A sentence whose commands ("charloom doctor") start like this one. Errors and remedies of all folders name them so. */
export function withSuggestedCommands(sentence: string, start: Start = ownStart()): string {
  const program = programWords(start);
  return sentence.replace(command, () => `${program} `);
}

/** What to call a run by: its name where that is enough, its folder where runs are kept somewhere else. */
export function runArgument(folder: string, defaultRunsFolder: string): string {
  const parent = dirname(folder);
  return parent === resolve(defaultRunsFolder) ? folder.slice(parent.length + 1) : folder;
}
