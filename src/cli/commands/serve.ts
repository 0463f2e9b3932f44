import type { Command } from 'commander';
import type { ServedWorkbench } from '../../serve/serve-workbench.ts';
import { addCommand, outputFor } from '../command.ts';
import type { ServeResult } from '../json-output.ts';
import { exitCodes } from '../exit-codes.ts';
import { listenForInterrupts } from '../../node/interrupts.ts';
import { integerOption } from '../options.ts';
import type { Output } from '../output.ts';
import { onOutputClosed } from '../output-closed.ts';
import { describeError } from '../report-error.ts';
import { addRunsFolderOption, runsFolderOf, type RunsFolderOptions } from '../runs-folder.ts';

const details = `Shows the same pages as the desktop window. The printed address contains a key that changes at every start; anyone who
has it can use your texts and runs. Only this machine can reach the address unless --host says otherwise. Ctrl-C saves the run that trains,
then exits.`;

interface ServeOptions extends RunsFolderOptions {
  readonly json?: boolean;
  readonly debug?: boolean;
  readonly host: string;
  readonly port?: number;
  readonly open?: boolean;
}

export function addServeCommand(program: Command): void {
  addRunsFolderOption(addCommand(program, 'serve', 'Open the workbench in a browser', details))
    .addOption(
      integerOption('port', 'the port to listen on (default: any free one)', { minimum: 0, maximum: 65_535 }),
    )
    .option('--host <address>', 'the address to listen on; 0.0.0.0 for every network', '127.0.0.1')
    .option('--open', 'open the default browser (the default on a desktop)')
    .option('--no-open', 'only print the address')
    .action(serve);
}

async function serve(options: ServeOptions): Promise<void> {
  const output = outputFor(options);
  const interrupted = waitForInterrupt();
  const { serveWorkbench } = await import('../../serve/serve-workbench.ts');
  const { host, port = 0, debug = false } = options;
  const runsFolder = await runsFolderOf(options);
  const served = await serveWorkbench({
    host,
    port,
    runsFolder,
    onDefect: (error) => output.note(describeDefect(error, debug)),
  });
  await announce(served, runsFolder, options, output);
  await interrupted;
  if (served.isTraining) output.note('Saving the run ...');
  await served.end();
}

/** Resolves on the first Ctrl-C; the second exits immediately. A closed terminal counts as one too. */
function waitForInterrupt(): Promise<void> {
  return new Promise((resolve) => {
    onOutputClosed(resolve);
    listenForInterrupts({
      onStop: resolve,
      onLeave: () => process.exit(exitCodes.cancelled.code),
      onCheckpoint: () => undefined,
    });
  });
}

async function announce(
  served: ServedWorkbench,
  runsFolder: string,
  options: ServeOptions,
  output: Output,
): Promise<void> {
  const { hasDisplay, openPage } = await import('../../serve/open-page.ts');
  const result: ServeResult = { address: served.addressWithToken, runs_folder: runsFolder };
  output.result(
    result,
    () => `Charloom is at ${served.addressWithToken}\nCtrl-C saves the run that trains, then exits.`,
  );
  if (served.isExposed) {
    output.note(
      'Other machines can reach this address and the connection is not encrypted: use it only on a network that you trust.',
    );
  }
  if (options.open ?? hasDisplay()) await openPage(served.addressWithToken);
}

function describeDefect(error: unknown, debug: boolean): string {
  return debug && error instanceof Error ? (error.stack ?? error.message) : describeError(error);
}
