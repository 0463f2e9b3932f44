import type { Command } from 'commander';
import { Output } from './output.ts';

/** Starts a command with the options that every command has. */
export function addCommand(
  program: Command,
  nameAndArguments: string,
  summary: string,
  details = '',
): Command {
  return program
    .command(nameAndArguments)
    .summary(summary)
    .description(details === '' ? `${summary}.` : `${summary}.\n\n${details}`)
    .helpOption('-h, --help', 'print this help')
    .option('--json', 'print JSON and nothing else on standard output')
    .option('--debug', 'show the stack trace of an error');
}

/** Runs `work` with the command's output and its options. */
export function outputFor(options: { readonly json?: boolean }): Output {
  return new Output(options.json === true);
}
