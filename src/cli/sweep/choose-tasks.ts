import { isTaskUnderway, type SweepTask, type SweepTaskState } from '../../shared/domain/sweep.ts';

export interface RetryOptions {
  readonly failed?: boolean;
  readonly lost?: boolean;
  readonly stopped?: boolean;
  readonly cancelled?: boolean;
}

/** The states that `submit` takes: everything that has not ended and is not under way. */
const submitted: readonly SweepTaskState[] = ['planned', 'stopped'];

/** The states that `retry` takes; without an option, those that went wrong. */
export function retriedStates({ failed, lost, stopped, cancelled }: RetryOptions): readonly SweepTaskState[] {
  const chosen: SweepTaskState[] = [
    ...(failed === true ? (['failed'] as const) : []),
    ...(lost === true ? (['lost'] as const) : []),
    ...(stopped === true ? (['stopped-early', 'stopped'] as const) : []),
    ...(cancelled === true ? (['cancelled'] as const) : []),
  ];
  return chosen.length === 0 ? ['failed', 'lost'] : chosen;
}

type StateTest = (state: SweepTaskState) => boolean;

function select(
  tasks: readonly SweepTask[],
  isWanted: StateTest,
  named?: readonly number[],
): readonly number[] {
  return tasks
    .filter(({ state, index }) => isWanted(state) && (named?.includes(index) ?? true))
    .map(({ index }) => index);
}

/** Indices of the tasks in these states, limited to those that were named. */
export function chooseTasks(
  tasks: readonly SweepTask[],
  states: readonly SweepTaskState[] = submitted,
  named?: readonly number[],
): readonly number[] {
  return select(tasks, (state) => states.includes(state), named);
}

/** Indices of the tasks that can be cancelled. */
export function cancellableTasks(tasks: readonly SweepTask[], named?: readonly number[]): readonly number[] {
  return select(
    tasks,
    (state) => isTaskUnderway(state) || submitted.includes(state) || state === 'lost',
    named,
  );
}
