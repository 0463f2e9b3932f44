import type { Outcome } from '../../processes/compute-task.ts';
import type { ActiveRun } from '../../processes/scheduler-types.ts';
import { assertNever } from '../../shared/errors.ts';
import { formatLoss } from '../../shared/format/numbers.ts';
import type { Run } from '../../shared/domain/run.ts';
import type { RunEnd } from '../../shared/domain/run-end.ts';
import type { EarlyEnd } from '../sweeps/early-end.ts';

type Story = Pick<RunEnd, 'how' | 'level' | 'message'>;

/** A run that has ended. */
interface EndedRun {
  /** Its current state; undefined if its folder no longer exists. */
  readonly run: Run | undefined;
  /** Why its sweep stopped it early; null for any other end. */
  readonly early: EarlyEnd | null;
}

/** The news about an ended run; undefined if the user ended it. */
export function describeRunEnd(
  { id }: ActiveRun,
  outcome: Outcome,
  { run, early }: EndedRun,
): RunEnd | undefined {
  const name = run?.name ?? id;
  const story = early === null ? storyOf(outcome, `“${name}”`, run) : earlyStory(`“${name}”`, early);
  return story && { run: id, name, ...story };
}

function earlyStory(name: string, { reason }: EarlyEnd): Story {
  return { how: 'stopped-early', level: 'good', message: `${name} was stopped early. ${reason}` };
}

function storyOf(outcome: Outcome, name: string, run: Run | undefined): Story | undefined {
  switch (outcome.kind) {
    case 'failed': {
      const { message, fix } = outcome.failure;
      const advice = fix === null ? '' : ` ${fix}`;
      return { how: 'failed', level: 'bad', message: `${name} could not continue: ${message}${advice}` };
    }
    case 'crashed': {
      if (run?.spec === null) {
        return { how: 'failed', level: 'bad', message: `${name} could not start: ${outcome.message}` };
      }
      const message = `${name} was interrupted. ${outcome.message} Resume continues from its last save.`;
      return { how: 'interrupted', level: 'bad', message };
    }
    case 'lost': {
      const message = `${name} was interrupted. ${outcome.message} Resume continues from its last save, on the processor if necessary.`;
      return { how: 'interrupted', level: 'bad', message };
    }
    case 'done':
      return outcome.end === null ? undefined : ownEnd(outcome.end, name, run);
    default:
      return assertNever(outcome);
  }
}

/** Describes a run that ended normally. */
function ownEnd(
  end: NonNullable<Extract<Outcome, { kind: 'done' }>['end']>,
  name: string,
  run: Run | undefined,
): Story | undefined {
  switch (end) {
    case 'finished': {
      const best = run?.best ? ` Best validation loss ${formatLoss(run.best.validationLoss)}.` : '';
      // Why it ended before its last iteration.
      const reason = run?.reason ?? null;
      const early = reason === null ? '' : ` ${reason}`;
      return { how: 'finished', level: 'good', message: `${name} is finished.${early}${best}` };
    }
    case 'exploded': {
      const hasCheckpoints = run !== undefined && run.checkpoints > 0;
      const left = hasCheckpoints
        ? 'exploded; its checkpoints are intact'
        : 'exploded before its first checkpoint';
      const message = `The loss of ${name} ${left}. Use a lower learning rate.`;
      return { how: 'exploded', level: 'bad', message };
    }
    case 'stopped':
    case 'suspended':
      return undefined;
    default:
      return assertNever(end);
  }
}
