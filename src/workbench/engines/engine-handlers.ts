import { randomUUID } from 'node:crypto';
import { describeDiagnosis } from '../../node/tensorflow/diagnosis/describe-diagnosis.ts';
import { diagnose } from '../../node/tensorflow/diagnosis/doctor.ts';
import {
  listEngines,
  removeEngine,
  type InstalledEngine,
} from '../../node/tensorflow/installation/engine-folder.ts';
import { installEngine, type InstallSettings } from '../../node/tensorflow/installation/install.ts';
import { wheelRelease } from '../../node/tensorflow/installation/releases.ts';
import { computeProbe } from '../../processes/probe-engine.ts';
import { environmentFor } from '../../processes/choose-engine.ts';
import { CharloomError } from '../../shared/errors.ts';
import { keptDownloads, removeDownloads } from '../../node/tensorflow/installation/downloads.ts';
import { pageRemedies } from '../../node/tensorflow/diagnosis/remedies.ts';
import type { RequestHandlers, StreamHandlers } from '../../shared/ipc/contract.ts';
import type { Engine } from '../../shared/domain/app.ts';
import type { WorkbenchContext } from '../context.ts';
import { serveTask } from '../task-stream.ts';

type Requests = Extract<keyof RequestHandlers, `engines.${string}`>;
type Streams = Extract<keyof StreamHandlers, `engines.${string}`>;

export function engineHandlers({ options, scheduler }: WorkbenchContext): Pick<RequestHandlers, Requests> {
  return {
    'engines.list': async () => [embedded, ...(await tensorflowEngines())],
    'engines.remove': async ({ engine: id }) => {
      if (scheduler.active !== undefined) {
        throw new CharloomError('run-busy', 'A run is being trained: an engine in use cannot be removed.');
      }
      await removeEngine(await installed(id));
      return null;
    },
    'engines.downloads': async () => ({ bytes: await keptDownloads() }),
    'engines.removeDownloads': async () => ({ bytes: await removeDownloads() }),
    'engines.doctor': async () => {
      const report = await diagnose(computeProbe(options.fork), new AbortController().signal, pageRemedies);
      return { report: describeDiagnosis(report, pageRemedies) };
    },
  };
}

export function engineStreams({ options }: WorkbenchContext): Pick<StreamHandlers, Streams> {
  return {
    'engines.install': async ({ variant }, side) => {
      const settings: InstallSettings = {
        kind: variant,
        from: wheelRelease(process, variant) === undefined ? 'official' : 'wheel',
        probe: computeProbe(options.fork),
      };
      const { engine } = await installEngine(settings, {
        signal: side.signal,
        onProgress: ({ fraction, title, detail }) => {
          const doing = detail === '' ? title : `${title}: ${detail}`;
          side.push({ kind: 'progress', fraction, doing });
        },
      });
      const { version } = engine.manifest;
      side.push({ kind: 'done', summary: `TensorFlow ${version} is installed and passed its test.` });
    },
    'engines.test': async ({ engine: id }, side) => {
      const engine = id === embedded.id ? null : await installed(id);
      const { threads } = options.settings.get();
      await serveTask({
        fork: options.fork,
        name: `charloom-verify-${randomUUID().slice(0, 8)}`,
        environment: environmentFor(engine, threads),
        job: { kind: 'verify', engine: engine?.folder ?? null, threads },
        side,
      });
    },
  };
}

const embedded: Engine = {
  id: 'embedded',
  title: 'Embedded',
  about: 'Charloom’s own kernels in WebAssembly: on every computer, nothing to install.',
  state: 'built-in',
  version: null,
  bytes: 0,
  problem: null,
  removable: false,
};

async function tensorflowEngines(): Promise<readonly Engine[]> {
  const engines = await listEngines();
  if (engines.length > 0) return engines.map(viewEngine);
  return [
    {
      id: 'tensorflow',
      title: 'TensorFlow',
      about: 'Uses a graphics card of NVIDIA where there is one, and pays off for large models.',
      state: 'absent',
      version: null,
      bytes: 0,
      problem: null,
      removable: false,
    },
  ];
}

function viewEngine({ manifest }: InstalledEngine): Engine {
  const { kind, version, bytes } = manifest;
  return {
    id: idOf(manifest),
    title: `TensorFlow for ${kind === 'gpu' ? 'NVIDIA cards' : 'the processor'}`,
    about:
      kind === 'gpu'
        ? 'Uses the graphics card, and pays off for large models.'
        : 'TensorFlow’s own kernels on the processor.',
    state: 'installed',
    version,
    bytes,
    problem: null,
    removable: true,
  };
}

function idOf({ kind, version }: InstalledEngine['manifest']): string {
  return `tensorflow-${kind}-${version}`;
}

async function installed(id: string): Promise<InstalledEngine> {
  const engine = (await listEngines()).find(({ manifest }) => idOf(manifest) === id);
  if (engine !== undefined) return engine;
  throw new CharloomError('not-found', 'This engine is not installed.');
}
