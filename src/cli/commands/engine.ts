import { basename } from 'node:path';
import { Argument, Option, type Command } from 'commander';
import { CharloomError } from '../../shared/errors.ts';
import { addCommand, outputFor } from '../command.ts';
import type { EngineKind, InstallOptions } from '../engines/kinds.ts';
import { progressLine } from '../engines/progress-line.ts';
import { tensorflowKind } from '../engines/tensorflow.ts';
import { webgpuKind } from '../engines/webgpu.ts';
import { withSuggestedCommands } from '../suggested-command.ts';
import { withCancel } from '../with-cancel.ts';

interface JsonOption {
  readonly json?: boolean;
}

const kinds = { webgpu: webgpuKind, tensorflow: tensorflowKind } as const;
type EngineName = keyof typeof kinds;

const installDetails = `webgpu: any maker's graphics card (51 MB to download, 22 to 34 MB on disk), fetched with npm from the registry it is set to.
  --from FILE|FOLDER   npm's package, fetched elsewhere with "npm pack webgpu"

tensorflow: NVIDIA cards or the processor. Without --gpu or --cpu it takes the GPU engine where NVIDIA's driver answers, the processor's elsewhere.
  --from wheel         pip fetches TensorFlow's Python package; no Python is changed (default on Linux and Apple silicon)
  --from official      the npm package's own installer with TensorFlow 2.9.1 (default on Windows and Intel Macs);
                       TFJS_NODE_CDN_STORAGE and TFJS_NODE_BASE_URI name a mirror
  --from FOLDER        wheels or libraries already on this machine`;

export function addEngineCommand(program: Command): void {
  const engine = program.command('engine').description('Install, list and remove faster engines.');
  engine.summary('Install, list and remove faster engines').helpOption('-h, --help', 'print this help');
  engine.helpCommand('help [COMMAND]', 'explain a command').usage('COMMAND [options]');
  // Without a subcommand it prints its help, which is not an error.
  engine.action(() => engine.help());
  const name = (): Argument =>
    new Argument('<NAME>', `the engine: ${Object.keys(kinds).join(' or ')}`).argParser(engineName);
  addCommand(engine, 'install', 'Install an engine for this user', installDetails)
    .addArgument(name())
    .addOption(new Option('--gpu', "TensorFlow for NVIDIA cards, CUDA's libraries included").conflicts('cpu'))
    .option('--cpu', 'TensorFlow for the processor only')
    .option('--from <SOURCE>', 'its source')
    .action((wanted: EngineName, options: InstallOptions) => install(kinds[wanted], options));
  addCommand(engine, 'list', 'List the installed engines').action(list);
  addCommand(engine, 'remove', 'Remove an engine')
    .addArgument(name())
    .action((wanted: EngineName, options: JsonOption) => remove(kinds[wanted], options));
}

function engineName(name: string): EngineName {
  if (Object.hasOwn(kinds, name)) return name as EngineName;
  throw new CharloomError('usage', `There is no engine named “${name}”.`, {
    fix: `There are ${Object.keys(kinds).join(' and ')}.`,
  });
}

async function install(kind: EngineKind, options: InstallOptions): Promise<void> {
  const output = outputFor(options);
  await withCancel(async (signal) => {
    const { data, text } = await kind.install(options, { signal, onProgress: progressLine(output) });
    output.status('');
    output.result(data, () => withSuggestedCommands(text));
  });
}

async function list(options: JsonOption): Promise<void> {
  const { enginesFolder } = await import('../../node/engines/engines-folder.ts');
  const rows = (await Promise.all(Object.values(kinds).map((kind) => kind.list()))).flat();
  outputFor(options).result({ folder: enginesFolder(), engines: rows.map(({ data }) => data) }, () =>
    rows.length === 0
      ? withSuggestedCommands(
          'No engine is installed; the embedded backend works without one. "charloom engine install webgpu" installs one for the graphics card.',
        )
      : rows.map(({ line }) => line).join('\n'),
  );
}

async function remove(kind: EngineKind, options: JsonOption): Promise<void> {
  const folders = await kind.remove();
  if (folders.length === 0) throw new CharloomError('not-found', `No ${kind.title} engine is installed.`);
  outputFor(options).result({ removed: folders }, () =>
    folders.map((folder) => `Removed ${basename(folder)}.`).join('\n'),
  );
}
