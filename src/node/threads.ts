import { availableParallelism } from 'node:os';

/** More threads than this leave too few rows of a usual batch to each. */
const maxThreads = 8;

/**
 * Processor cores that this process may use: those of its affinity and control group, and no more than Slurm has given the task (`--cpus-per-task`),
 * which not every cluster enforces.
 */
export function usableCores(environment: Readonly<NodeJS.ProcessEnv> = process.env): number {
  const given = Number(environment['SLURM_CPUS_PER_TASK']);
  const cores = availableParallelism();
  return Number.isInteger(given) && given > 0 ? Math.min(given, cores) : cores;
}

/** Threads that a backend gets when no number is given: one for each core, at most eight. */
export function defaultThreads(environment: Readonly<NodeJS.ProcessEnv> = process.env): number {
  return Math.min(usableCores(environment), maxThreads);
}
