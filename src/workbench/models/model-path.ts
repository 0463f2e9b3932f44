import { runPaths } from '../../node/files/run-folder.ts';
import { resolveModel } from '../../runs/find.ts';
import type { ModelReference } from '../../shared/domain/run.ts';
import { assertNever } from '../../shared/errors.ts';
import type { WorkbenchContext } from '../context.ts';
import { containedFile } from '../storage/contained.ts';

/** The checkpoint file that a page means, and its title. */
export async function modelPath(
  { library, models, options }: Pick<WorkbenchContext, 'library' | 'models' | 'options'>,
  model: ModelReference,
): Promise<{ readonly path: string; readonly title: string }> {
  switch (model.kind) {
    case 'imported':
      return { path: await models.path(model.file), title: model.file };
    case 'run': {
      const { name } = await library.get(model.run);
      const folder = library.folder(model.run);
      if (model.file === null) return { path: await resolveModel(folder, options.runsFolder), title: name };
      const path = await containedFile(runPaths(folder).checkpoints, model.file, 'The checkpoint');
      return { path, title: name };
    }
    default:
      return assertNever(model);
  }
}
