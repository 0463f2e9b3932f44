import { CommanderError } from 'commander';
import { EndedWith, exitCodes, type ExitCode } from './exit-codes.ts';
import { raiseHeldSignals } from './held-signals.ts';
import { createProgram } from './program.ts';
import { reportError } from './report-error.ts';
import { readableWords, usageError } from './usage.ts';

/** `train` and `sweep task` handle signals themselves. */
const savingCommands: readonly string[] = ['train', 'task'];

/** Runs one command line (without the program's own name) and returns the exit code. */
export async function main(commandLine: readonly string[]): Promise<ExitCode> {
  const program = createProgram();
  program.hook('preAction', async (_program, command) => {
    // Only training has anything to save.
    if (!savingCommands.includes(command.name())) await raiseHeldSignals();
  });
  try {
    await program.parseAsync([...readableWords(commandLine, program)], { from: 'user' });
    return exitCodes.done.code;
  } catch (error) {
    if (error instanceof EndedWith) return error.code;
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return exitCodes.done.code;
      return reportError(usageError(error, commandLine, program), false);
    }
    return reportError(error, commandLine.includes('--debug'));
  }
}
