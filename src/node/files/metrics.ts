import { z } from 'zod';

/**
 * One line of `metrics.jsonl`, with the iteration `i` it belongs to. A `rollback` says that the run went back to `i` after an
 * explosion: lines after it count from there again, and the steps before it that came later are void.
 */
export const metricSchema = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('step'),
    i: z.int().positive(),
    epoch: z.number(),
    /** Null where it is not a number. */
    loss: z.number().nullable(),
    rate: z.number(),
    gradient_norm: z.number().nullable(),
    parameter_norm: z.number().nullable(),
    ms: z.number(),
  }),
  z.object({
    event: z.literal('eval'),
    i: z.int().nonnegative(),
    epoch: z.number(),
    val_loss: z.number().nullable(),
    /** Means over consecutive parts of the split; missing where one is not a number, and in runs of earlier versions. */
    val_parts: z.array(z.number()).max(1000).optional().catch(undefined),
  }),
  z.object({
    event: z.literal('explosion'),
    i: z.int().positive(),
    kind: z.enum(['not-a-number', 'exploding']),
    loss: z.number().nullable(),
    action: z.enum(['stop', 'recover']),
  }),
  z.object({
    event: z.literal('rollback'),
    i: z.int().nonnegative(),
  }),
]);
export type Metric = Readonly<z.infer<typeof metricSchema>>;

/** Parts of an evaluation as they are kept and told, to 0.00001 nats; undefined when one of them is not a number. */
export function keptParts(parts: readonly number[]): number[] | undefined {
  return parts.every(Number.isFinite) ? parts.map((loss) => Math.round(loss * 1e5) / 1e5) : undefined;
}

/** A number as JSON can say it. */
export function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** A moment of a run: after a rollback the same iteration comes again. */
export interface RunPosition {
  readonly iteration: number;
  readonly recoveries: number;
}

/** Negative when `a` comes before `b`. */
export function comparePositions(a: RunPosition, b: RunPosition): number {
  return a.recoveries - b.recoveries || a.iteration - b.iteration;
}

/** Reads one line; undefined for a line that is torn, damaged, or of a kind this version does not know. */
export function decodeMetric(line: string): Metric | undefined {
  try {
    return metricSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** Follows a log line by line and says which lines belong to the run up to a moment. */
export class PositionFilter {
  readonly #until: RunPosition;
  #recoveries = 0;

  constructor(until: RunPosition) {
    this.#until = until;
  }

  /** Whether the line happened at or before the moment; damaged lines count with their neighbours. */
  includes(line: string): boolean {
    const metric = decodeMetric(line);
    if (metric?.event === 'rollback') this.#recoveries += 1;
    const iteration = metric === undefined || metric.event === 'rollback' ? 0 : metric.i;
    return comparePositions({ iteration, recoveries: this.#recoveries }, this.#until) <= 0;
  }
}
