import { Command } from 'commander';
import { charloomVersion } from '../shared/version.ts';
import { addBenchCommand } from './commands/bench.ts';
import { addCheckpointsCommand } from './commands/checkpoints.ts';
import { addCopiesCommand } from './commands/copies.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addEngineCommand } from './commands/engine.ts';
import { addEvalCommand } from './commands/eval.ts';
import { addExportCommand } from './commands/export.ts';
import { addInsideCommand } from './commands/inside.ts';
import { addImportCommand } from './commands/import.ts';
import { addInspectCommand } from './commands/inspect.ts';
import { addRunsCommand } from './commands/runs.ts';
import { addSampleCommand } from './commands/sample.ts';
import { addServeCommand } from './commands/serve.ts';
import { addSettingsCommand } from './commands/settings.ts';
import { addShowCommand } from './commands/show.ts';
import { addSweepCommand } from './commands/sweep.ts';
import { addTextCommand } from './commands/text.ts';
import { addTrainCommand } from './commands/train.ts';
import { addVerifyCommand } from './commands/verify.ts';

const examples = `
Examples:
  charloom train                      train on a bundled book with the default settings
  charloom inspect novel.txt          check a text, and whether it is long enough
  charloom train novel.txt            train on your own text, document or folder
  charloom runs                       list the runs
  charloom sample novel               write with the best checkpoint of the run "novel"

charloom help COMMAND explains one command. Guides: docs/getting-started.md, docs/command-line.md`;

/** In the order in which they are usually needed. */
const commands = [
  addInspectCommand,
  addTextCommand,
  addTrainCommand,
  addSweepCommand,
  addRunsCommand,
  addCheckpointsCommand,
  addShowCommand,
  addSampleCommand,
  addEvalCommand,
  addCopiesCommand,
  addInsideCommand,
  addExportCommand,
  addImportCommand,
  addServeCommand,
  addBenchCommand,
  addVerifyCommand,
  addEngineCommand,
  addDoctorCommand,
  addSettingsCommand,
] as const;

/** All commands. Each has a file under commands/ and loads the heavy parts only when it runs, so that help and usage errors are immediate. */
export function createProgram(): Command {
  const program = new Command('charloom')
    .description(
      'Train character-level language models on your own text, keep the best checkpoint, and write with it.',
    )
    .usage('COMMAND [options]')
    .version(charloomVersion, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', examples)
    // By default commander prints errors and exits; main.ts does both, in the same way for all errors.
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .configureHelp({ sortSubcommands: false, showGlobalOptions: false });
  for (const add of commands) add(program);
  return program.helpCommand('help [COMMAND]', 'explain a command');
}
