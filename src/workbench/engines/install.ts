import type { InstallHooks } from '../../node/engines/progress.ts';
import { installEngine } from '../../node/tensorflow/installation/install.ts';
import { wheelRelease } from '../../node/tensorflow/installation/releases.ts';
import { installWebgpu } from '../../node/webgpu/installation/install.ts';
import { probeCard } from '../../processes/probe-card.ts';
import { computeProbe } from '../../processes/probe-engine.ts';
import { CharloomError } from '../../shared/errors.ts';
import type { StreamParams } from '../../shared/ipc/contract.ts';
import type { WorkbenchOptions } from '../workbench-types.ts';

/** Installs an engine for a page; returns a sentence about the result. */
export async function install(
  wanted: StreamParams<'engines.install'>,
  { fork, graphics }: WorkbenchOptions,
  hooks: InstallHooks,
): Promise<string> {
  switch (wanted.engine) {
    case 'tensorflow': {
      const { variant: kind } = wanted;
      const from = wheelRelease(process, kind) === undefined ? 'official' : 'wheel';
      const { engine } = await installEngine({ kind, from, probe: computeProbe(fork) }, hooks);
      return `TensorFlow ${engine.manifest.version} is installed and passed its test.`;
    }
    case 'webgpu': {
      if (graphics.host !== 'dawn') {
        throw new CharloomError('usage', 'WebGPU is included with this application; nothing to install.');
      }
      const { report } = await installWebgpu({ from: 'registry', probe: probeCard(fork) }, hooks);
      return `WebGPU is installed and passed its test on ${report.label}.`;
    }
    default:
      return wanted satisfies never;
  }
}
