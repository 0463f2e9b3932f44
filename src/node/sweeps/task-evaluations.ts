import { z } from 'zod';
import type { EvaluationEvent } from '../../shared/domain/run-event.ts';
import { writeAtomically } from '../files/atomic.ts';
import { appendJsonLine, jsonLines, readJsonLines } from '../files/json-lines.ts';

const lineSchema = z.object({
  i: z.int().nonnegative(),
  epoch: z.number(),
  /** Null where it is not a number. */
  loss: z.number().nullable(),
  /** Means over consecutive parts of the split, as in metrics.jsonl. */
  parts: z.array(z.number()).max(1000).readonly().optional(),
});
type Line = z.infer<typeof lineSchema>;

/** An evaluation of a task's run, as other tasks and lists read it without the run's metrics. */
export type TaskEvaluation = Pick<EvaluationEvent, 'iteration' | 'epoch' | 'validationLoss' | 'parts'>;

/** The evaluations of a task in order, each iteration once; none for a task that has not started. */
export async function readEvaluations(path: string): Promise<readonly TaskEvaluation[]> {
  let kept: Line[] = [];
  for (const line of await readJsonLines(path, lineSchema)) {
    // After an explosion a run returns to an earlier iteration: later evaluations are void.
    if ((kept.at(-1)?.i ?? -1) >= line.i) kept = kept.filter(({ i }) => i < line.i);
    kept.push(line);
  }
  return kept.map(({ i, epoch, loss, parts }) => ({
    iteration: i,
    epoch,
    validationLoss: loss,
    ...(parts === undefined ? {} : { parts }),
  }));
}

export async function appendEvaluation(path: string, evaluation: TaskEvaluation): Promise<void> {
  await appendJsonLine(path, lineOf(evaluation), 'note the evaluation');
}

/** Writes all of them again: what a killed attempt could not record is in its run's metrics. */
export async function writeEvaluations(path: string, evaluations: readonly TaskEvaluation[]): Promise<void> {
  await writeAtomically(path, [jsonLines(evaluations.map(lineOf))], 'note the evaluations');
}

function lineOf({ iteration, epoch, validationLoss, parts }: TaskEvaluation): Line {
  const line = { i: iteration, epoch, loss: validationLoss };
  return parts === undefined ? line : { ...line, parts: parts.map((loss) => Math.round(loss * 1e5) / 1e5) };
}
