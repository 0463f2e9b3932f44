import { randomUUID } from 'node:crypto';
import type { GraphicsSource } from '../../node/backend/graphics-source.ts';
import { environmentFor } from '../../node/backend/providers.ts';
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
import type { BackendReference } from '../../shared/domain/backends.ts';
import { CharloomError } from '../../shared/errors.ts';
import { keptDownloads, removeDownloads } from '../../node/tensorflow/installation/downloads.ts';
import { pageRemedies } from '../../node/tensorflow/diagnosis/remedies.ts';
import type { RequestHandlers, StreamHandlers } from '../../shared/ipc/contract.ts';
import type { WorkbenchContext } from '../context.ts';
import { serveTask } from '../task-stream.ts';
import { engineId, listBackends } from './engine-list.ts';

type Requests = Extract<keyof RequestHandlers, `engines.${string}`>;
type Streams = Extract<keyof StreamHandlers, `engines.${string}`>;

export function engineHandlers({ options, scheduler }: WorkbenchContext): Pick<RequestHandlers, Requests> {
  return {
    'engines.list': async () => (await listBackends(options.graphics)).map(({ view }) => view),
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
      const backend = await backendOf(id, options.graphics);
      const { threads } = options.settings.get();
      await serveTask({
        fork: options.fork,
        name: `charloom-verify-${randomUUID().slice(0, 8)}`,
        environment: environmentFor(backend, threads),
        job: { kind: 'verify', backend, threads },
        side,
      });
    },
  };
}

async function installed(id: string): Promise<InstalledEngine> {
  const engine = (await listEngines()).find(({ manifest }) => engineId(manifest) === id);
  if (engine !== undefined) return engine;
  throw notInstalled();
}

async function backendOf(id: string, graphics: GraphicsSource): Promise<BackendReference> {
  const { backend = null } = (await listBackends(graphics)).find(({ view }) => view.id === id) ?? {};
  if (backend === null) throw notInstalled();
  return backend;
}

function notInstalled(): CharloomError {
  return new CharloomError('not-found', 'This engine is not installed.');
}
