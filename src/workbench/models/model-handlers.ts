import { readCheckpointHeader } from '../../node/files/checkpoint-files.ts';
import { knownOrigin } from '../../shared/domain/model-origin.ts';
import { knownModelSpec } from '../../shared/domain/model-spec.ts';
import { usedWeights } from '../../shared/format/used-weights.ts';
import { CharloomError } from '../../shared/errors.ts';
import type { RequestHandlers, StreamHandlers } from '../../shared/ipc/contract.ts';
import type { ModelDescription } from '../../shared/domain/checkpoint.ts';
import type { ModelReference } from '../../shared/domain/run.ts';
import type { WorkbenchContext } from '../context.ts';
import { serveTask } from '../task-stream.ts';
import { importModelParts } from './import-model.ts';
import { inspectionJob } from './inspection-job.ts';
import { learnedTextPath } from './learned-text-path.ts';
import { modelPath } from './model-path.ts';

type Names = 'models.list' | 'models.describe' | 'models.import' | 'models.remove';
type StreamNames = 'models.write' | 'models.copies' | 'models.inspect' | 'models.export' | 'models.colophon';

/** Imported models, and writing with any model. */
export function modelHandlers(context: WorkbenchContext): Pick<RequestHandlers, Names> {
  const { models, trash } = context;
  return {
    'models.list': () => models.list(),
    'models.describe': ({ model }) => describe(context, model),
    'models.import': (folder) => importModelParts(context, folder),
    'models.remove': async ({ file }) => trash.remove([await models.path(file)]),
  };
}

function notThere(error: unknown): null {
  if (error instanceof CharloomError && error.code === 'not-found') return null;
  throw error;
}

async function describe(context: WorkbenchContext, model: ModelReference): Promise<ModelDescription> {
  const { path, title } = await modelPath(context, model);
  const { metadata } = await readCheckpointHeader(path);
  const { epoch, validationLoss, symbols, vocabulary, origin } = metadata;
  const spec = knownModelSpec(metadata.spec);
  const known = origin === undefined ? {} : { origin: knownOrigin(origin) };
  return { title, spec, epoch, validationLoss, ...usedWeights(metadata), symbols, vocabulary, ...known };
}

export function modelStreams(context: WorkbenchContext): Pick<StreamHandlers, StreamNames> {
  let opened = 0;
  return {
    'models.write': async ({ model }, side) => {
      const { path, title } = await modelPath(context, model);
      const job = { kind: 'write', checkpoint: path, title } as const;
      await serveTask({ fork: context.options.fork, name: `charloom-writer-${++opened}`, job, side });
    },
    'models.copies': async ({ model, sample }, side) => {
      const { path } = await modelPath(context, model);
      const textPath = await learnedTextPath(context, model, path);
      const job = { kind: 'copies', checkpoint: path, textPath, sample } as const;
      await serveTask({ fork: context.options.fork, name: `charloom-comparer-${++opened}`, job, side });
    },
    'models.inspect': async ({ model, text }, side) => {
      const job = await inspectionJob(context, model, text);
      await serveTask({ fork: context.options.fork, name: `charloom-inspector-${++opened}`, job, side });
    },
    'models.colophon': async ({ model, written }, side) => {
      const { path } = await modelPath(context, model);
      const job = { kind: 'colophon', checkpoint: path, written } as const;
      await serveTask({ fork: context.options.fork, name: `charloom-colophon-${++opened}`, job, side });
    },
    'models.export': async ({ model, choice }, side) => {
      const { path, title } = await modelPath(context, model);
      // Without the text the page is still written, with a remark that copying was not checked.
      const textPath =
        choice.format === 'page' ? await learnedTextPath(context, model, path).catch(notThere) : null;
      await context.exports.serve({ path, title, choice, textPath }, side);
    },
  };
}
