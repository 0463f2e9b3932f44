import { assertNever, CharloomError, type CharloomErrorCode } from '../shared/errors.ts';

/** Exit codes of the command line. Scripts rely on the numbers; docs/command-line.md lists them from here. */
export const exitCodes = {
  done: {
    code: 0,
    meaning: 'Success. A training run that was asked to stop and has saved its work also exits with 0.',
  },
  failed: { code: 1, meaning: 'A check ran and did not pass (`charloom verify`, `charloom export`).' },
  usage: {
    code: 2,
    meaning:
      'Wrong usage or input: an unknown option, a value out of range, or a text, run or checkpoint that cannot be used.',
  },
  backend: { code: 3, meaning: 'The requested backend cannot be used on this machine.' },
  storage: {
    code: 4,
    meaning: 'Cannot write: the disk is full (a run waits for free space), or the folder is read-only.',
  },
  busy: { code: 5, meaning: 'Another process is using this run, or is installing an engine.' },
  exploded: {
    code: 6,
    meaning: 'The loss exploded and the run stopped; earlier checkpoints are intact.',
  },
  cluster: { code: 7, meaning: 'Slurm is not installed here, does not answer, or refused the request.' },
  unfinished: {
    code: 75,
    meaning:
      'With `--requeue`, and from `sweep task`: the run was asked to stop before it was finished, and has saved its work; a job script can requeue it.',
  },
  defect: { code: 70, meaning: 'An internal error in Charloom; `--debug` shows the stack trace.' },
  cancelled: { code: 130, meaning: 'Interrupted by Ctrl-C before the command was done.' },
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]['code'];

/** Ends a command that has already printed everything, with an exit code other than 0. */
export class EndedWith extends Error {
  readonly code: ExitCode;

  constructor(code: ExitCode) {
    super(`ended with ${code}`);
    this.code = code;
  }
}

/** The exit code of an error; anything but a CharloomError is a defect. */
export function exitCodeOf(error: unknown): ExitCode {
  return error instanceof CharloomError ? exitCodeOfCode(error.code) : exitCodes.defect.code;
}

function exitCodeOfCode(code: CharloomErrorCode): ExitCode {
  switch (code) {
    case 'usage':
    case 'bad-setting':
    case 'bad-text':
    case 'data-too-small':
    case 'text-changed':
    case 'bad-checkpoint':
    case 'incompatible':
    case 'bad-run':
    case 'not-found':
      return exitCodes.usage.code;
    case 'check-failed':
      return exitCodes.failed.code;
    case 'backend-unavailable':
      return exitCodes.backend.code;
    case 'storage':
      return exitCodes.storage.code;
    case 'run-busy':
      return exitCodes.busy.code;
    case 'exploded':
      return exitCodes.exploded.code;
    case 'cluster':
      return exitCodes.cluster.code;
    case 'cancelled':
      return exitCodes.cancelled.code;
    default:
      return assertNever(code);
  }
}
