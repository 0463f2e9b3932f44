import { CharloomError } from '../../shared/errors.ts';
import { formatBytes } from '../../shared/format/numbers.ts';
import { ownFork } from '../backend.ts';
import type { InstallHooks } from '../../node/engines/progress.ts';
import type { EngineKind, InstallOptions } from './kinds.ts';

/** WebGPU with Dawn, on a card of any manufacturer. */
export const webgpuKind: EngineKind = {
  title: 'WebGPU',
  install,
  list: async () => {
    const { findWebgpuEngine } = await import('../../node/webgpu/engine.ts');
    const engine = await findWebgpuEngine();
    if (engine === undefined) return [];
    const { folder, manifest } = engine;
    const line = `WebGPU ${manifest.version} for graphics cards, ${formatBytes(manifest.bytes)}, ${folder}`;
    return [{ line, folder, data: { ...manifest, folder } }];
  },
  remove: async () => {
    const { findWebgpuEngine, removeWebgpuEngine } = await import('../../node/webgpu/engine.ts');
    const folders: string[] = [];
    for (let engine = await findWebgpuEngine(); engine !== undefined; engine = await findWebgpuEngine()) {
      await removeWebgpuEngine(engine);
      folders.push(engine.folder);
    }
    return folders;
  },
};

async function install(
  { gpu, cpu, from }: InstallOptions,
  hooks: InstallHooks,
): Promise<{ readonly data: unknown; readonly text: string }> {
  if (gpu === true || cpu === true) {
    throw new CharloomError(
      'usage',
      '--gpu and --cpu are for TensorFlow; WebGPU always uses the graphics card.',
    );
  }
  const { installWebgpu } = await import('../../node/webgpu/installation/install.ts');
  const { probeCard } = await import('../../processes/probe-card.ts');
  const probe = probeCard(await ownFork());
  const source = from === undefined ? 'registry' : { path: from };
  const { engine, report } = await installWebgpu({ from: source, probe }, hooks);
  const { manifest, folder } = engine;
  return {
    data: {
      ...manifest,
      folder,
      card: report.label,
      driver: report.driver,
      self_test_difference: report.difference,
    },
    text: [
      `WebGPU ${manifest.version} is installed and passed its test on ${report.label} (${formatBytes(manifest.bytes)} in ${folder}).`,
      'charloom train uses the card where it is faster; --backend webgpu always uses it.',
    ].join('\n'),
  };
}
