import { CommanderError } from 'commander';
import { CharloomError } from '../shared/errors.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { createProgram } from './program.ts';
import { reportError } from './report-error.ts';

/** Runs one command line (without the program's own name) and returns the exit code. */
export async function main(commandLine: readonly string[]): Promise<ExitCode> {
  try {
    const words = commandLine.length === 0 ? ['help'] : [...commandLine];
    await createProgram().parseAsync(words, { from: 'user' });
    return exitCodes.done.code;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return exitCodes.done.code;
      return reportError(usageError(error), false);
    }
    return reportError(error, commandLine.includes('--debug'));
  }
}

/** Commander's "error: unknown option '--foo'\n(Did you mean --for?)" in our words. */
function usageError(error: CommanderError): CharloomError {
  const [first = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const sentence = `${first.charAt(0).toUpperCase()}${first.slice(1).replace(/\.$/, '')}.`;
  const suggestion = rest.join(' ').replace(/^\((.*)\)$/, '$1');
  return new CharloomError('usage', sentence, { fix: suggestion === '' ? usageFix(error) : suggestion });
}

function usageFix({ code }: CommanderError): string {
  return code === 'commander.excessArguments'
    ? 'A name with spaces in it needs quotes around it.'
    : 'charloom help lists what there is.';
}
