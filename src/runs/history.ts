import { readMetrics as readMetricLines } from '../node/files/metrics-log.ts';
import { runPaths } from '../node/files/run-folder.ts';
import { withStorageErrors } from '../node/files/storage-error.ts';
import type { EvaluationEvent, ExplosionEvent, MetricEvent, StepEvent } from '../shared/domain/run-event.ts';
import { CharloomError } from '../shared/errors.ts';
import type { FileProblem } from './checkpoints.ts';

/** What a run's numbers were over time, each iteration once and in order. */
export interface RunHistory {
  readonly steps: readonly StepEvent[];
  readonly evaluations: readonly EvaluationEvent[];
  /** All of them, including those that a rollback undid. */
  readonly explosions: readonly ExplosionEvent[];
}

/**
 * Reads a run's `metrics.jsonl`. Steps and evaluations that a rollback undid are left out, as if they had never been; torn and damaged lines are
 * skipped; a run without the file has an empty history.
 * @throws CharloomError('storage')
 */
export async function readMetrics(runFolder: string): Promise<RunHistory> {
  const path = runPaths(runFolder).metrics;
  const builder = new HistoryBuilder();
  await withStorageErrors('read the metrics', path, async () => {
    for await (const event of readMetricLines(path)) builder.add(event);
  });
  return builder.history;
}

/** The metrics, for callers that can do without them: a problem comes with an empty history. */
export async function readMetricsOrProblem(
  runFolder: string,
): Promise<{ readonly history: RunHistory; readonly problem: FileProblem | null }> {
  try {
    return { history: await readMetrics(runFolder), problem: null };
  } catch (error) {
    if (!(error instanceof CharloomError)) throw error;
    const problem = { path: runPaths(runFolder).metrics, problem: error.message };
    return { history: new HistoryBuilder().history, problem };
  }
}

/** The evaluation of a checkpoint; undefined if the metrics do not contain it. */
export function evaluationOf(
  { evaluations }: RunHistory,
  { iteration, validationLoss }: Pick<EvaluationEvent, 'iteration' | 'validationLoss'>,
): EvaluationEvent | undefined {
  return evaluations.find(
    // After a rollback the same iteration occurs again, with another loss.
    (point) => point.iteration === iteration && point.validationLoss === validationLoss,
  );
}

/** Builds a history event by event. */
export class HistoryBuilder {
  #steps: StepEvent[] = [];
  #evaluations: EvaluationEvent[] = [];
  readonly #explosions: ExplosionEvent[] = [];

  get history(): RunHistory {
    return { steps: this.#steps, evaluations: this.#evaluations, explosions: this.#explosions };
  }

  add(event: MetricEvent): void {
    switch (event.kind) {
      case 'step':
        this.#steps.push(event);
        break;
      case 'evaluation':
        this.#addEvaluation(event);
        break;
      case 'explosion':
        this.#explosions.push(event);
        break;
      case 'rollback':
        this.#steps = this.#steps.filter(({ iteration }) => iteration <= event.iteration);
        this.#evaluations = this.#evaluations.filter(({ iteration }) => iteration <= event.iteration);
        break;
    }
  }

  /** A checkpoint kept on request at an iteration that is evaluated anyway, or again after a resume, is measured twice: with the same result. */
  #addEvaluation(point: EvaluationEvent): void {
    if (this.#evaluations.at(-1)?.iteration === point.iteration) this.#evaluations.pop();
    this.#evaluations.push(point);
  }
}
