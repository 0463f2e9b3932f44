import { adviceInWords, type Advice } from './advice.ts';

/**
 * Why an operation was refused, as data: the code is stable and scripts may rely on it, the message is one clear sentence, the fix (if there is one)
 * says what to do next.
 */
export type CharloomErrorCode =
  | 'usage' // a command line or request that cannot be understood
  | 'bad-setting' // a setting outside its range, or settings that contradict each other
  | 'bad-text' // a text that cannot be read or decoded
  | 'data-too-small' // the plan leaves no chunk to train or validate on
  | 'text-changed' // the text is not the one this run was started on
  | 'bad-checkpoint' // damaged, truncated, foreign or hostile checkpoint file
  | 'incompatible' // a vocabulary or model that does not fit, or a file that a newer Charloom wrote
  | 'bad-run' // a run folder that cannot be read
  | 'run-busy' // another process holds the run
  | 'not-found' // a file, run or checkpoint that does not exist
  | 'storage' // disk full, read-only folder, permission
  | 'cluster' // Slurm is not available, does not answer, or refuses
  | 'backend-unavailable' // the chosen backend cannot be used here
  | 'exploded' // the loss grew without limit and the settings say stop
  | 'cancelled' // the user stopped the operation
  | 'check-failed'; // a verification ran and did not pass

/** The one error class that crosses layers; anything else that is thrown is an internal error. */
export class CharloomError extends Error {
  readonly code: CharloomErrorCode;
  /** What to do next, worded for pages. */
  readonly fix: string | undefined;
  /** The same as data, if hosts word it differently. */
  readonly advice: Advice | undefined;

  constructor(
    code: CharloomErrorCode,
    message: string,
    options: { readonly fix?: string | Advice | undefined; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CharloomError';
    this.code = code;
    const { fix } = options;
    this.advice = typeof fix === 'object' ? fix : undefined;
    this.fix = typeof fix === 'object' ? adviceInWords(fix) : fix;
  }
}

/** What went wrong and what to do about it, as text. */
export function describeProblem(error: unknown, separator = ' '): string {
  const message = error instanceof Error ? error.message : String(error);
  const fix = error instanceof CharloomError ? error.fix : undefined;
  return fix === undefined ? message : `${message}${separator}${fix}`;
}

/** Closes a switch over a tagged union: compilation fails if a case is missing. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
