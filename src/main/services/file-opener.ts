import { basename } from 'node:path';
import { describeProblem } from '../../shared/errors.ts';
import type { Workbench } from '../../workbench/workbench-types.ts';
import { kindOfFile } from './opened-files.ts';

export interface FileOpenerOptions {
  readonly workbench: Pick<Workbench, 'addTextFile' | 'addModelFile' | 'announceOpened'>;
  /** Adds it to the system's list of recent documents. */
  readonly remember: (path: string) => void;
  readonly complain: (message: string, detail: string) => void;
}

/** Imports a file that was opened from outside and shows the result in the pages. */
export async function openFile(path: string, options: FileOpenerOptions): Promise<void> {
  const { workbench, remember, complain } = options;
  try {
    if (kindOfFile(path) === 'model') {
      const model = await workbench.addModelFile(path);
      workbench.announceOpened(model.kind === 'imported' ? { model: model.file } : { run: model.run });
    } else {
      const { id } = await workbench.addTextFile(path);
      workbench.announceOpened({ text: id });
    }
    remember(path);
  } catch (error) {
    complain(`${basename(path)} could not be opened`, describeProblem(error, '\n'));
  }
}
