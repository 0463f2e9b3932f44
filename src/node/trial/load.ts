import { cpus } from 'node:os';

/** What the processor has done since it was switched on, in milliseconds over all its cores. */
export interface ProcessorTimes {
  readonly busy: number;
  readonly total: number;
}

/** Above this share of the processor for others, a measurement says more about them than about a backend. */
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
 * The share of the processor (0..1) that other programs had between two looks at it. Unlike the system's load average it is told on every system, and
 * holds for exactly the time of a measurement.
 * @param ownMilliseconds what the measurement itself took of it, over all cores
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
