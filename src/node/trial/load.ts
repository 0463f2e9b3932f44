import { cpus } from 'node:os';

/** Processor time since the computer was started, in milliseconds over all cores. */
export interface ProcessorTimes {
  readonly busy: number;
  readonly total: number;
}

/** Above this share of the processor for other programs, a measurement is not reliable. */
const calmShare = 0.25;

export function processorTimes(): ProcessorTimes {
  const times = cpus().map(({ times: { user, nice, sys, irq, idle } }) => {
    const busy = user + nice + sys + irq;
    return { busy, total: busy + idle };
  });
  return {
    busy: times.reduce((sum, { busy }) => sum + busy, 0),
    total: times.reduce((sum, { total }) => sum + total, 0),
  };
}

/**
 * The share of the processor (0..1) that other programs used between two readings. Unlike the load average it is available on every system, and
 * applies exactly to the time of a measurement.
 * @param ownMilliseconds processor time of the measurement itself, over all cores
 */
export function othersShare(before: ProcessorTimes, after: ProcessorTimes, ownMilliseconds: number): number {
  const total = after.total - before.total;
  if (total <= 0) return 0;
  return Math.min(1, Math.max(0, (after.busy - before.busy - ownMilliseconds) / total));
}

/** Whether a measurement was made while the processor had little else to do. */
export function wasCalm(share: number): boolean {
  return share <= calmShare;
}
