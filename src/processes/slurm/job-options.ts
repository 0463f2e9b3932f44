import { z } from 'zod';
import { CharloomError } from '../../shared/errors.ts';

/** What a job requests from the cluster. */
export const jobOptionsSchema = z.object({
  /** As Slurm accepts it: minutes, H:MM:SS or D-HH:MM:SS. */
  time: z.string().max(32),
  cpus: z.int().min(1).max(1024),
  memory: z.string().max(32).nullable(),
  gpus: z.int().min(0).max(64),
  partition: z.string().max(200).nullable(),
  account: z.string().max(200).nullable(),
  /** Tasks that run at the same time. */
  atOnce: z.int().min(1).nullable(),
  /** Lines of shell that come before the run: modules, environments. */
  setup: z.string().nullable(),
  /** Words before the command, to run it in a container. */
  wrap: z.string().nullable(),
  /** Further options of sbatch. */
  extra: z.array(z.string()).readonly(),
  /** The words that start Charloom on a node. */
  charloom: z.array(z.string()).min(1).readonly(),
});
export type JobOptions = Readonly<z.infer<typeof jobOptionsSchema>>;

/** @throws CharloomError('usage') for what no cluster would accept, or what would be more than one word in a script */
export function checkJobOptions(options: JobOptions): void {
  const { time, memory, partition, account, wrap, extra } = options;
  if (!/^(\d+|(\d+-)?\d+(:\d{1,2}){1,2}|\d+-\d+)$/.test(time)) {
    throw new CharloomError('usage', `--time cannot be “${time}”.`, {
      fix: 'As in 2:00:00 (hours) or 1-12:00:00 (days).',
    });
  }
  if (memory !== null && !/^\d+[KMGT]?$/i.test(memory)) {
    throw new CharloomError('usage', `--mem cannot be “${memory}”.`, { fix: 'As in 2G or 500M.' });
  }
  for (const [flag, value] of [
    ['partition', partition],
    ['account', account],
  ] as const) {
    if (value !== null && !/^[\w.,+:@/-]+$/.test(value)) {
      throw new CharloomError('usage', `--${flag} cannot be “${value}”.`);
    }
  }
  for (const word of [wrap ?? '', ...extra]) requireOneLine(word);
}

/**
 * The options that Slurm is given on the command line beside the script.
 * @param elements indices of the array's elements, as in "1-5,9"
 */
export function sbatchWords(
  options: JobOptions,
  {
    jobName,
    folder,
    elements,
    output,
  }: {
    readonly jobName: string;
    readonly folder: string;
    readonly elements: string;
    readonly output: string;
  },
): readonly string[] {
  const { time, cpus, memory, gpus, partition, account, atOnce, extra } = options;
  return [
    '--parsable',
    `--job-name=${jobName}`,
    `--array=${elements}${atOnce === null ? '' : `%${atOnce}`}`,
    `--time=${time}`,
    '--ntasks=1',
    `--cpus-per-task=${cpus}`,
    ...(memory === null ? [] : [`--mem=${memory}`]),
    ...(gpus === 0 ? [] : [`--gres=gpu:${gpus}`]),
    ...(partition === null ? [] : [`--partition=${partition}`]),
    ...(account === null ? [] : [`--account=${account}`]),
    '--requeue',
    '--open-mode=append',
    `--signal=B:USR1@${secondsToSave(time)}`,
    `--chdir=${folder}`,
    `--output=${output}`,
    ...extra,
  ];
}

/** How many seconds before its limit a job is asked to save: two minutes, or a quarter of a shorter limit. */
function secondsToSave(time: string): number {
  return Math.max(10, Math.min(120, Math.floor(limitInSeconds(time) / 4)));
}

/** A limit as Slurm reads it (sbatch(1)): minutes, minutes:seconds, hours:minutes:seconds, days-hours, days-hours:minutes and days-hours:minutes:seconds. */
export function limitInSeconds(time: string): number {
  const [, days, rest = ''] = /^(?:(\d+)-)?(.*)$/.exec(time) ?? [];
  const parts = rest.split(':').map(Number);
  const [first = 0, second = 0, third = 0] = parts;
  if (days !== undefined) return Number(days) * 86_400 + first * 3600 + second * 60 + third;
  return parts.length === 3 ? first * 3600 + second * 60 + third : first * 60 + second;
}

/**
 * Control characters would end a line of the script, or do worse in a terminal that shows it.
 * @throws CharloomError('usage')
 */
export function requireOneLine(word: string): void {
  // eslint-disable-next-line no-control-regex -- control characters are exactly what a word must not hold
  if (!/[\u0000-\u001f\u007f]/.test(word)) return;
  throw new CharloomError('usage', `${JSON.stringify(word)} holds a line end or a control character.`, {
    fix: 'Leave it out, or rename the folder.',
  });
}
