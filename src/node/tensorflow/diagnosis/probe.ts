import { z } from 'zod';
import { cellKinds } from '../../../shared/domain/cells.ts';
import { CharloomError } from '../../../shared/errors.ts';
import type { InstalledEngine } from '../installation/engine-folder.ts';
import { lastLines } from '../../engines/run-command.ts';
import { checkDifference } from '../../engines/check-difference.ts';
import { tensorflowEnvironment } from './environment.ts';

/** What a child process found when it loaded an engine and trained on it. */
export const probeReportSchema = z.strictObject({
  /** TensorFlow's version, from the library itself. */
  version: z.string(),
  gpu: z.boolean(),
  node: z.string(),
  threads: z.int().positive(),
  /** Largest relative difference from the embedded backend over a few training steps. */
  difference: z.number().nonnegative(),
  /** On a card, for each recurrence: whether cuDNN's kernel for whole sequences computes it, and why or why not. Empty on a processor. */
  fused: z.array(z.strictObject({ model: z.enum(cellKinds), used: z.boolean(), reason: z.string() })),
  loadMilliseconds: z.number(),
  residentBytes: z.number(),
});
export type ProbeReport = Readonly<z.infer<typeof probeReportSchema>>;

/** How the process that tried an engine ended. */
export interface ProbeEnd {
  /** What it found, still unchecked; undefined when it found nothing. */
  readonly report: unknown;
  /** Everything that it wrote there. */
  readonly stderr: string;
  /** True if it ended without giving a reason. */
  readonly crashed: boolean;
}

export interface ProbeResult {
  readonly report: ProbeReport;
  /** TensorFlow's messages while loading: the only source for the reason why there is no GPU. */
  readonly log: string;
}

/** What a probe needs to know of an engine. */
export type ProbedEngine = Pick<InstalledEngine, 'folder' | 'libraries'>;

/** Tests an engine in a separate process; rejects with CharloomError('cancelled') only. */
export type ProbeRun = (engine: ProbedEngine, signal: AbortSignal) => Promise<ProbeEnd>;

/** All of TensorFlow's messages are needed: only its log contains the reason why there is no GPU. */
export function probeEnvironment(engine: ProbedEngine): Record<string, string> {
  return tensorflowEnvironment(engine, { verbose: true });
}

/**
 * Loads and tests an engine in a child process: a library that crashes ends only the child.
 * @throws CharloomError 'backend-unavailable' with the engine's problem, 'cancelled'
 */
export async function probeEngine(
  engine: ProbedEngine,
  run: ProbeRun,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const end = await run(engine, signal);
  if (end.report === undefined) throw probeError(end);
  const report = probeReportSchema.parse(end.report);
  checkDifference(report.difference);
  return { report, log: end.stderr };
}

function probeError({ stderr, crashed }: ProbeEnd): CharloomError {
  const missing = /(\S+\.(?:so|dylib|dll)[.\d]*): cannot open shared object file/.exec(stderr)?.[1];
  const glibc = /version `(GLIBC\w*_[\d.]+)' not found/.exec(stderr)?.[1];
  const sentence =
    glibc !== undefined
      ? `TensorFlow needs ${glibc.replace('_', ' ')} or newer, which this system does not have.`
      : missing !== undefined
        ? `TensorFlow cannot be loaded: the library ${missing} was not found.`
        : crashed
          ? 'TensorFlow crashed while loading (a processor without AVX is one cause).'
          : 'TensorFlow cannot be loaded.';
  return new CharloomError('backend-unavailable', sentence, {
    fix: lastLines(stderr, 3),
    cause: new Error(stderr),
  });
}
