import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { defaultThreads, usableCores } from '../../../src/node/threads.ts';

test('threads are as many as there are cores, at most eight, and no more than Slurm gives the task', () => {
  const cores = availableParallelism();
  expect(usableCores({})).toBe(cores);
  expect(usableCores({ SLURM_CPUS_PER_TASK: '1' })).toBe(1);
  expect(usableCores({ SLURM_CPUS_PER_TASK: '4096' })).toBe(cores);
  expect(usableCores({ SLURM_CPUS_PER_TASK: 'many' })).toBe(cores);
  expect(defaultThreads({})).toBe(Math.min(cores, 8));
});
