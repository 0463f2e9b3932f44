import { defaultRunsFolder } from '../../node/files/data-folders.ts';
import { readRunRecord } from '../../node/files/run-folder.ts';
import type { SessionOutcome } from '../../node/session/session-types.ts';
import { courseOf } from '../../runs/course.ts';
import { readMetrics } from '../../runs/history.ts';
import { judgeRun } from '../../runs/verdict.ts';
import { CharloomError } from '../../shared/errors.ts';
import { formatCount } from '../../shared/format/numbers.ts';
import type { Output } from '../output.ts';
import { runArgument } from '../suggested-command.ts';
import { JsonReporter } from './json-reporter.ts';
import { keptWords, type RunEnd, type TrainReporter } from './reporter.ts';
import { TextReporter } from './text-reporter.ts';

/** Reports on a run in the requested form. */
export function reporterFor(output: Output, textTitle: string): TrainReporter {
  return output.json ? new JsonReporter(output, textTitle) : new TextReporter(output, textTitle);
}

/** How a run ended, for reporters. */
export async function describeOutcome({
  folder,
  end,
  iteration,
  best,
  unsaved,
}: SessionOutcome): Promise<RunEnd> {
  const verdict = judgeRun(await readMetrics(folder), courseOf(await readRunRecord(folder)));
  const word = runArgument(folder, defaultRunsFolder());
  return {
    run: folder,
    runArgument: word,
    end: end === 'suspended' ? 'stopped' : end,
    iteration,
    best,
    verdict,
    isSaved: unsaved === null,
  };
}

/** The error of a run whose loss exploded. */
export function exploded({ iteration, best }: SessionOutcome): CharloomError {
  return new CharloomError(
    'exploded',
    `The loss exploded at iteration ${formatCount(iteration)}; ${keptWords(best !== null)}.`,
    { fix: 'Try a lower --learning-rate, or --on-explosion recover.' },
  );
}
