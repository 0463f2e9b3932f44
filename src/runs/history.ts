import type { Metric } from '../node/files/metrics.ts';
import { readMetrics as readMetricLines } from '../node/files/metrics-log.ts';
import { runPaths } from '../node/files/run-folder.ts';
import { withStorageErrors } from '../node/files/storage-error.ts';
import { CharloomError } from '../shared/errors.ts';
import type { FileProblem } from './checkpoints.ts';

export interface StepPoint {
  readonly iteration: number;
  readonly epoch: number;
  /** Nats per symbol on this step's batch; null where it was not a number. */
  readonly loss: number | null;
  readonly learningRate: number;
  readonly gradientNorm: number | null;
  readonly parameterNorm: number | null;
  readonly milliseconds: number;
}

export interface EvaluationPoint {
  readonly iteration: number;
  readonly epoch: number;
  /** Nats per symbol on the validation split; null where it was not a number. */
  readonly validationLoss: number | null;
  /** Means over consecutive parts of the split; unknown for runs of earlier versions. */
  readonly parts?: readonly number[] | undefined;
}

export interface ExplosionPoint {
  readonly iteration: number;
  readonly kind: 'not-a-number' | 'exploding';
  readonly loss: number | null;
  readonly action: 'stop' | 'recover';
}

/** What a run's numbers were over time, each iteration once and in order. */
export interface RunHistory {
  readonly steps: readonly StepPoint[];
  readonly evaluations: readonly EvaluationPoint[];
  /** All of them, also those that the run went back before. */
  readonly explosions: readonly ExplosionPoint[];
}

/**
 * Reads a run's `metrics.jsonl`. Steps and evaluations that a rollback undid are left out, as if they never were; torn and damaged lines
 * are passed over; a run without the file has an empty history.
 * @throws CharloomError('storage')
 */
export async function readMetrics(runFolder: string): Promise<RunHistory> {
  const path = runPaths(runFolder).metrics;
  const builder = new HistoryBuilder();
  await withStorageErrors('read the metrics', path, async () => {
    for await (const metric of readMetricLines(path)) builder.add(metric);
  });
  return builder.history;
}

/** The metrics for whoever can do without them: what is wrong with them is told beside an empty history. */
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

/** The evaluation in which a checkpoint was measured; undefined where the metrics do not tell (any more). */
export function evaluationOf(
  { evaluations }: RunHistory,
  { iteration, validationLoss }: Pick<EvaluationPoint, 'iteration' | 'validationLoss'>,
): EvaluationPoint | undefined {
  return evaluations.find(
    // After a rollback the same iteration came again, with another loss.
    (point) => point.iteration === iteration && point.validationLoss === validationLoss,
  );
}

/** Puts a history together line by line. */
export class HistoryBuilder {
  #steps: StepPoint[] = [];
  #evaluations: EvaluationPoint[] = [];
  readonly #explosions: ExplosionPoint[] = [];

  get history(): RunHistory {
    return { steps: this.#steps, evaluations: this.#evaluations, explosions: this.#explosions };
  }

  add(metric: Metric): void {
    switch (metric.event) {
      case 'step':
        this.#steps.push({
          iteration: metric.i,
          epoch: metric.epoch,
          loss: metric.loss,
          learningRate: metric.rate,
          gradientNorm: metric.gradient_norm,
          parameterNorm: metric.parameter_norm,
          milliseconds: metric.ms,
        });
        break;
      case 'eval':
        this.#addEvaluation({
          ...{ iteration: metric.i, epoch: metric.epoch },
          ...{ validationLoss: metric.val_loss, parts: metric.val_parts },
        });
        break;
      case 'explosion': {
        const { i: iteration, kind, loss, action } = metric;
        this.#explosions.push({ iteration, kind, loss, action });
        break;
      }
      case 'rollback':
        this.#steps = this.#steps.filter(({ iteration }) => iteration <= metric.i);
        this.#evaluations = this.#evaluations.filter(({ iteration }) => iteration <= metric.i);
        break;
    }
  }

  /** A checkpoint kept on request at an iteration that is evaluated anyway, or again after a resume, is measured twice: with the same result. */
  #addEvaluation(point: EvaluationPoint): void {
    if (this.#evaluations.at(-1)?.iteration === point.iteration) this.#evaluations.pop();
    this.#evaluations.push(point);
  }
}
