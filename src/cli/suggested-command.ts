import { basename, dirname, relative, resolve, sep } from 'node:path';
import { shellCommand, type ShellReader } from '../shared/format/shell-quote.ts';
import { commandNames } from './command-names.ts';

/** The shell that a command to copy is meant for. */
export const terminal: ShellReader = process.platform === 'win32' ? 'windows' : 'posix';

/** How this program was started. */
export interface Start {
  readonly environment: NodeJS.ProcessEnv;
  /** The script as it was passed to the system: the launcher, or a link to it. */
  readonly script: string | undefined;
  readonly folder: string;
}

function ownStart(): Start {
  const environment = process.env;
  // The launcher starts another script if it had to find a newer Node, and passes on its own path.
  const launched = environment['CHARLOOM_LAUNCHED'];
  return { environment, script: launched ?? process.argv[1], folder: process.cwd() };
}

/** What a command line to type starts with: npx, the program's own name, or in a checkout the launcher's path. */
function programWords({ environment, script, folder }: Start): string {
  if (environment['npm_command'] === 'exec') return 'npx charloom';
  // npm starts an installed program by this path on Windows, and by a link elsewhere.
  const isInstalled = script?.split(sep).includes('node_modules') ?? true;
  if (script === undefined || isInstalled || basename(script) !== 'charloom.js') return 'charloom';
  const within = relative(folder, script);
  return shellCommand(['node', within.startsWith('..') ? script : within], terminal);
}

/** A command line to type next, started as this program was. */
export function suggestedCommand(words: readonly string[], start: Start = ownStart()): string {
  return `${programWords(start)} ${shellCommand(words, terminal)}`;
}

/** Not part of a path, and not already spelled out. */
const command = new RegExp(String.raw`(?<![\w./\\-]|npx )charloom (?=(?:${commandNames.join('|')})\b)`, 'g');

/** A sentence with its commands ("charloom doctor") started as this program was. Errors and remedies everywhere name commands in this form. */
export function withSuggestedCommands(sentence: string, start: Start = ownStart()): string {
  const program = programWords(start);
  return sentence.replace(command, () => `${program} `);
}

/** The argument that means a run: its name if that is enough, its folder if runs are stored elsewhere. */
export function runArgument(folder: string, defaultRunsFolder: string): string {
  const parent = dirname(folder);
  return parent === resolve(defaultRunsFolder) ? folder.slice(parent.length + 1) : folder;
}
