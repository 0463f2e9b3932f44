import { execFile } from 'node:child_process';
import { systemCode } from '../../node/files/storage-error.ts';
import { CharloomError } from '../../shared/errors.ts';

/** Slurm's commands that are used here. */
export type SlurmProgram = 'sbatch' | 'squeue' | 'scancel' | 'scontrol' | 'sacct';

/** The answer of a Slurm command. */
export type SlurmAnswer =
  | { readonly kind: 'done'; readonly output: string }
  /** It is not installed here. */
  | { readonly kind: 'missing' }
  /** It did not answer in time: whether it did anything is not known. */
  | { readonly kind: 'silent' }
  /** It refused, in its own words. */
  | { readonly kind: 'refused'; readonly message: string };

/** Milliseconds. Slurm's own commands wait for minutes for a controller that does not answer. */
const usualTimeoutMs = 20_000;
const maxBytes = 1 << 26;

/** Runs one of Slurm's commands, without a shell and with a time limit. */
export async function runSlurm(
  program: SlurmProgram,
  words: readonly string[],
  timeoutMs = usualTimeoutMs,
): Promise<SlurmAnswer> {
  // Lists of an array's elements are not to be shortened, however long they are.
  const env = { ...process.env, SLURM_BITSTR_LEN: '0' };
  const options = { timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: maxBytes, env } as const;
  return new Promise((resolve) => {
    execFile(program, [...words], options, (error, output, errors) => {
      if (error === null) resolve({ kind: 'done', output });
      else if (systemCode(error) === 'ENOENT') resolve({ kind: 'missing' });
      else if (error.killed === true) resolve({ kind: 'silent' });
      else resolve({ kind: 'refused', message: wordsOf(program, errors) ?? error.message });
    });
  });
}

/** What a command wrote to stderr, without its own name before each line. */
function wordsOf(program: SlurmProgram, errors: string): string | undefined {
  const lines = errors
    .split('\n')
    .map((line) => line.replace(new RegExp(`^${program}: (error: |fatal: )?`), '').trim())
    .filter((line) => line !== '');
  return lines.length === 0 ? undefined : [...new Set(lines)].join(' ').slice(0, 1000);
}

/**
 * The output of a command that has to succeed.
 * @throws CharloomError('cluster')
 */
export async function requireSlurm(program: SlurmProgram, words: readonly string[]): Promise<string> {
  const answer = await runSlurm(program, words);
  if (answer.kind === 'done') return answer.output;
  throw slurmError(program, answer);
}

const noController =
  'If this computer belongs to no Slurm cluster, log in to one and submit there, or train on this computer with --engine local.';

/** Why a command failed, in words. */
export function slurmError(
  program: SlurmProgram,
  answer: Exclude<SlurmAnswer, { kind: 'done' }>,
): CharloomError {
  switch (answer.kind) {
    case 'missing':
      return new CharloomError(
        'cluster',
        `There is no ${program} here: this is not a computer of a Slurm cluster.`,
        {
          fix: 'Log in to the cluster and submit there, or train on this computer with --engine local.',
        },
      );
    case 'silent':
      return new CharloomError('cluster', `Slurm did not answer (${program}).`, {
        // Queries about the cluster come before any job: nothing can have been accepted.
        fix:
          program === 'scontrol'
            ? `Try again later. ${noController}`
            : 'Try again later; "sweep submit" looks first whether the jobs were accepted after all.',
      });
    case 'refused':
      return new CharloomError('cluster', `Slurm refused (${program}): ${answer.message}`, {
        fix: fixOf(answer.message),
      });
  }
}

/** Milliseconds for a question whose answer only decides what to suggest. */
const hintTimeoutMs = 3000;

/** Whether this computer belongs to a cluster whose controller answers. Slurm's commands may be installed where there is no cluster. */
export async function isSlurmHere(): Promise<boolean> {
  return (await runSlurm('scontrol', ['show', 'config'], hintTimeoutMs)).kind === 'done';
}

function fixOf(message: string): string | undefined {
  if (/resolve_ctls|dns_srv|slurm\.conf|contact|connect|communicat|controller/i.test(message))
    return noController;
  if (/invalid partition|default partition/i.test(message))
    return '"sinfo -s" lists the partitions; --partition names one.';
  if (/account/i.test(message))
    return 'Ask your cluster’s administrators which account is yours; --account names it.';
  if (/time limit/i.test(message))
    return 'A shorter --time does: a run that is not done asks for another turn.';
  if (/memory|cpu|node configuration|gres/i.test(message))
    return 'Ask for less with --mem, --cpus or --gpus.';
  return undefined;
}
