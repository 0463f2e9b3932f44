import { randomUUID } from 'node:crypto';
import { environmentFor } from '../../node/backend/providers.ts';
import { describeDiagnosis } from '../../node/diagnosis/describe-diagnosis.ts';
import { diagnose } from '../../node/diagnosis/doctor.ts';
import { pageRemedies } from '../../node/diagnosis/remedies.ts';
import { keptDownloads, removeDownloads } from '../../node/engines/downloads.ts';
import { listEngines, removeEngine } from '../../node/tensorflow/installation/engine-folder.ts';
import { findWebgpuEngine, removeWebgpuEngine } from '../../node/webgpu/engine.ts';
import { computeProbe } from '../../processes/probe-engine.ts';
import type { BackendReference } from '../../shared/domain/backends.ts';
import { CharloomError } from '../../shared/errors.ts';
import { errorOf } from '../../shared/ipc/failures.ts';
import type { RequestHandlers, StreamHandlers } from '../../shared/ipc/contract.ts';
import type { WorkbenchContext } from '../context.ts';
import { serveTask } from '../task-stream.ts';
import type { WorkbenchOptions } from '../workbench-types.ts';
import { engineId, listBackends } from './engine-list.ts';
import { install } from './install.ts';

type Requests = Extract<keyof RequestHandlers, `engines.${string}`>;
type Streams = Extract<keyof StreamHandlers, `engines.${string}`>;

export function engineHandlers({ options, scheduler }: WorkbenchContext): Pick<RequestHandlers, Requests> {
  return {
    'engines.list': async () => (await listBackends(options.graphics)).map(({ view }) => view),
    'engines.remove': async ({ engine: id }) => {
      if (scheduler.active !== undefined) {
        throw new CharloomError('run-busy', 'An engine cannot be removed while a run is training.');
      }
      await remove(id);
      return null;
    },
    'engines.downloads': async () => ({ bytes: await keptDownloads() }),
    'engines.removeDownloads': async () => ({ bytes: await removeDownloads() }),
    'engines.doctor': async () => {
      const means = { probe: computeProbe(options.fork), graphics: options.graphics };
      const report = await diagnose(means, new AbortController().signal, pageRemedies);
      return { report: describeDiagnosis(report, pageRemedies) };
    },
  };
}

export function engineStreams({ options }: WorkbenchContext): Pick<StreamHandlers, Streams> {
  return {
    'engines.install': async (wanted, side) => {
      const summary = await install(wanted, options, {
        signal: side.signal,
        onProgress: ({ fraction, title, detail }) => {
          const doing = detail === '' ? title : `${title}: ${detail}`;
          side.push({ kind: 'progress', fraction, doing });
        },
      });
      side.push({ kind: 'done', summary });
    },
    'engines.test': async ({ engine: id }, side) => {
      const backend = await backendOf(id, options);
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

async function remove(id: string): Promise<void> {
  const webgpu = id === 'webgpu' ? await findWebgpuEngine() : undefined;
  if (webgpu !== undefined) return removeWebgpuEngine(webgpu);
  const tensorflow = (await listEngines()).find(({ manifest }) => engineId(manifest) === id);
  if (tensorflow === undefined) throw notInstalled();
  await removeEngine(tensorflow);
}

async function backendOf(id: string, { graphics }: WorkbenchOptions): Promise<BackendReference> {
  const listed = (await listBackends(graphics)).find(({ view }) => view.id === id);
  if (listed !== undefined && listed.backend !== null) return listed.backend;
  const { problem } = await graphics.find();
  throw id === 'webgpu' && problem !== null ? errorOf(problem) : notInstalled();
}

function notInstalled(): CharloomError {
  return new CharloomError('not-found', 'This engine is not installed.');
}
