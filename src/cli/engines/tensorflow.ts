import type { InstalledEngine } from '../../node/tensorflow/installation/engine-folder.ts';
import type { InstallSettings } from '../../node/tensorflow/installation/install.ts';
import type { ProbeRun } from '../../node/tensorflow/diagnosis/probe.ts';
import { formatBytes } from '../../shared/format/numbers.ts';
import { ownFork } from '../backend.ts';
import type { InstallHooks } from '../../node/engines/progress.ts';
import type { EngineKind, InstallOptions } from './kinds.ts';

/** TensorFlow, for the processor or with CUDA. */
export const tensorflowKind: EngineKind = {
  title: 'TensorFlow',
  install,
  list: async () => {
    const { listEngines } = await import('../../node/tensorflow/installation/engine-folder.ts');
    const engines = await listEngines();
    return engines.map((engine) => {
      const { folder, manifest } = engine;
      return { line: describe(engine), folder, data: { ...manifest, folder } };
    });
  },
  remove: async () => {
    const { listEngines, removeEngine } = await import('../../node/tensorflow/installation/engine-folder.ts');
    const engines = await listEngines();
    for (const engine of engines) await removeEngine(engine);
    return engines.map(({ folder }) => folder);
  },
};

/** Tests an engine in a compute process, as the workbench does. */
export async function ownProbe(): Promise<ProbeRun> {
  const { computeProbe } = await import('../../processes/probe-engine.ts');
  return computeProbe(await ownFork());
}

async function install(
  options: InstallOptions,
  hooks: InstallHooks,
): Promise<{ readonly data: unknown; readonly text: string }> {
  const { installEngine } = await import('../../node/tensorflow/installation/install.ts');
  const { engine, report } = await installEngine(await settingsFrom(options, hooks.signal), hooks);
  const { manifest, folder } = engine;
  return {
    data: { ...manifest, folder, gpu: report.gpu, self_test_difference: report.difference },
    text: [
      `TensorFlow ${manifest.version} is installed and passed its test (${formatBytes(manifest.bytes)} in ${folder}).`,
      manifest.kind === 'gpu' && !report.gpu
        ? 'It does not find a graphics card; "charloom doctor" tells why.'
        : 'Use it with charloom train --backend tensorflow; "charloom doctor" shows details.',
    ].join('\n'),
  };
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

function describe({ folder, manifest }: InstalledEngine): string {
  const device = manifest.kind === 'gpu' ? 'NVIDIA cards and processor' : 'processor';
  return `TensorFlow ${manifest.version} for ${device}, ${formatBytes(manifest.bytes)}, ${folder}`;
}
