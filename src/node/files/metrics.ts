import { z } from 'zod';
import { explosionKindOf, type MetricEvent } from '../../shared/domain/run-event.ts';

/**
 * One line of `metrics.jsonl`, with the iteration `i` it belongs to. A `rollback` means that the run returned to `i` after an explosion: later lines
 * count from there again, and earlier lines of later steps are void.
 */
const lineSchema = z.discriminatedUnion('event', [
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
    /** Of the trained weights and of their average, if a run has one; `val_loss` is the lower of the two. */
    trained_loss: z.number().nullable().optional(),
    averaged_loss: z.number().nullable().optional(),
    /** Means over consecutive parts of the split; missing where one is not a number, and in runs of earlier versions. */
    val_parts: z.array(z.number()).max(1000).readonly().optional().catch(undefined),
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
type Line = z.infer<typeof lineSchema>;

/** Durations are kept to the microsecond, parts to 0.00001 nats. */
function lineOf(event: MetricEvent): Line {
  switch (event.kind) {
    case 'step':
      return {
        event: 'step',
        i: event.iteration,
        epoch: event.epoch,
        loss: event.loss,
        rate: event.learningRate,
        gradient_norm: event.gradientNorm,
        parameter_norm: event.parameterNorm,
        ms: Math.round(event.milliseconds * 1000) / 1000,
      };
    case 'evaluation': {
      const { iteration: i, epoch, validationLoss: val_loss, trainedLoss, averagedLoss, parts } = event;
      const line = {
        ...({ event: 'eval', i, epoch, val_loss } as const),
        ...(trainedLoss === undefined ? {} : { trained_loss: trainedLoss }),
        ...(averagedLoss === undefined ? {} : { averaged_loss: averagedLoss }),
      };
      return parts === undefined
        ? line
        : { ...line, val_parts: parts.map((loss) => Math.round(loss * 1e5) / 1e5) };
    }
    case 'explosion': {
      const { iteration: i, loss, action } = event;
      return { event: 'explosion', i, kind: explosionKindOf(event), loss, action };
    }
    case 'rollback':
      return { event: 'rollback', i: event.iteration };
  }
}

function eventOf(line: Line): MetricEvent {
  switch (line.event) {
    case 'step':
      return {
        kind: 'step',
        iteration: line.i,
        epoch: line.epoch,
        loss: line.loss,
        learningRate: line.rate,
        gradientNorm: line.gradient_norm,
        parameterNorm: line.parameter_norm,
        milliseconds: line.ms,
      };
    case 'eval': {
      const { i: iteration, epoch, val_loss: validationLoss, val_parts: parts } = line;
      const { trained_loss: trainedLoss, averaged_loss: averagedLoss } = line;
      const event = {
        ...({ kind: 'evaluation', iteration, epoch, validationLoss } as const),
        ...(trainedLoss === undefined ? {} : { trainedLoss }),
        ...(averagedLoss === undefined ? {} : { averagedLoss }),
      };
      return parts === undefined ? event : { ...event, parts };
    }
    case 'explosion':
      return { kind: 'explosion', iteration: line.i, loss: line.loss, action: line.action };
    case 'rollback':
      return { kind: 'rollback', iteration: line.i };
  }
}

/** A line of the log, without its end. */
export function encodeMetric(event: MetricEvent): string {
  return JSON.stringify(lineOf(event));
}

/** Reads one line; undefined for a line that is torn, damaged, or of a kind this version does not know. */
export function decodeMetric(line: string): MetricEvent | undefined {
  try {
    const { data } = lineSchema.safeParse(JSON.parse(line));
    return data && eventOf(data);
  } catch {
    return undefined;
  }
}

/** An event as the run's files record it: live listeners and readers of the file get the same numbers. */
export function asKept(event: MetricEvent): MetricEvent {
  return eventOf(lineOf(event));
}
