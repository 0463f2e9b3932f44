import { listCheckpoints } from '../../runs/checkpoints.ts';
import type { Job } from '../../shared/compute/messages.ts';
import type { InspectedText } from '../../shared/domain/inspection.ts';
import type { ModelReference } from '../../shared/domain/run.ts';
import { assertNever, CharloomError } from '../../shared/errors.ts';
import type { WorkbenchContext } from '../context.ts';
import { learnedTextPath } from './learned-text-path.ts';
import { modelPath } from './model-path.ts';

type InspectionJob = Extract<Job, { kind: 'look-inside' }>;

/**
 * What a compute process needs to look inside a model with a text.
 * @throws CharloomError 'not-found' if the text that it learned from is requested but missing, or 'bad-checkpoint'
 */
export async function inspectionJob(
  context: WorkbenchContext,
  model: ModelReference,
  text: InspectedText,
): Promise<InspectionJob> {
  const { path: checkpoint, title } = await modelPath(context, model);
  return {
    kind: 'look-inside',
    checkpoint,
    title,
    ...(await textFor(context, model, checkpoint, text)),
    kept: await keptCheckpoints(context, model),
  };
}

async function textFor(
  context: WorkbenchContext,
  model: ModelReference,
  checkpoint: string,
  text: InspectedText,
): Promise<Pick<InspectionJob, 'text' | 'textTitle'>> {
  switch (text.kind) {
    case 'learned': {
      const path = await learnedTextPath(context, model, checkpoint).catch(withOtherTexts);
      const textTitle = context.texts.titleOf(path);
      return { text: { kind: 'learned', path }, textTitle };
    }
    case 'text': {
      const { path, title } = await context.texts.get(text.text);
      return { text: { kind: 'file', path }, textTitle: title };
    }
    case 'written':
      return { text, textTitle: 'what was just written' };
    default:
      return assertNever(text);
  }
}

/** Adds to an error that another text can be used. */
function withOtherTexts(error: unknown): never {
  if (!(error instanceof CharloomError) || error.code !== 'not-found') throw error;
  throw new CharloomError('not-found', error.message, {
    // The training text of an imported model may be unknown.
    fix:
      error.fix === undefined
        ? 'Use another text for the model to read.'
        : 'Add it, under any name: it is recognised by its content. Or choose another text for the model to read.',
    cause: error,
  });
}

/** The checkpoints of the model's run, earliest first. */
async function keptCheckpoints(
  { library }: Pick<WorkbenchContext, 'library'>,
  model: ModelReference,
): Promise<readonly string[]> {
  if (model.kind !== 'run') return [];
  const { checkpoints } = await listCheckpoints(library.folder(model.run));
  return checkpoints.toSorted((a, b) => a.iteration - b.iteration).map(({ path }) => path);
}
