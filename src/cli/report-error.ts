import { CharloomError } from '../shared/errors.ts';
import { adviceForCommandLine } from './advice.ts';
import { exitCodeOf, type ExitCode } from './exit-codes.ts';
import { escapeControlCharacters } from './escape-control-characters.ts';
import { withSuggestedCommands } from './suggested-command.ts';

/** Prints on stderr why a command failed, and returns the exit code. The stack is printed only with `--debug`. */
export function reportError(error: unknown, debug: boolean): ExitCode {
  process.stderr.write(`charloom: ${escapeControlCharacters(describeError(error))}\n`);
  if (debug) process.stderr.write(`${escapeControlCharacters(stackOf(error))}\n`);
  return exitCodeOf(error);
}

/** The sentence, and the fix on a separate line if there is one. */
export function describeError(error: unknown): string {
  if (error instanceof CharloomError) {
    const fix = error.advice === undefined ? error.fix : adviceForCommandLine(error.advice);
    return withSuggestedCommands(fix === undefined ? error.message : `${error.message}\n  ${fix}`);
  }
  const message = error instanceof Error ? error.message : String(error);
  return `Internal error in Charloom: ${message}\n  Please report it. The same command with --debug shows the stack trace.`;
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const stack = error.stack ?? error.message;
  return error.cause === undefined ? stack : `${stack}\ncaused by ${stackOf(error.cause)}`;
}
