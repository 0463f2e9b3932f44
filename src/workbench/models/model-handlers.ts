import type { RequestHandlers, StreamHandlers } from '../../shared/ipc/contract.ts';
import type { WorkbenchContext } from '../context.ts';
import { serveTask } from '../task-stream.ts';
import { modelPath } from './model-path.ts';

type Names = 'models.list' | 'models.remove';

/** Imported models, and writing with any model. */
export function modelHandlers(context: WorkbenchContext): Pick<RequestHandlers, Names> {
  const { models, trash } = context;
  return {
    'models.list': () => models.list(),
    'models.remove': async ({ file }) => trash.remove([await models.path(file)]),
  };
}

export function modelStreams(context: WorkbenchContext): Pick<StreamHandlers, 'models.write'> {
  let opened = 0;
  return {
    'models.write': async ({ model }, side) => {
      const { path, title } = await modelPath(context, model);
      const job = { kind: 'write', checkpoint: path, title } as const;
      await serveTask({ fork: context.options.fork, name: `charloom-writer-${++opened}`, job, side });
    },
  };
}
