import type { MetricEvent, StepEvent } from '../../shared/domain/run-event.ts';
import { columnsOf, stepsOf } from '../../shared/domain/step-columns.ts';
import type { WatchItem } from '../../shared/domain/run.ts';

/** Steps in one item: a page takes each in a few milliseconds. */
const maxSteps = 5000;

/** Events as items of `runs.watch`, steps gathered into columns. */
export function* itemsOf(events: readonly MetricEvent[]): Generator<WatchItem> {
  let steps: StepEvent[] = [];
  for (const event of events) {
    if (event.kind === 'step' && steps.length < maxSteps) {
      steps.push(event);
      continue;
    }
    if (steps.length > 0) yield { kind: 'steps', steps: columnsOf(steps) };
    steps = event.kind === 'step' ? [event] : [];
    if (event.kind !== 'step') yield event;
  }
  if (steps.length > 0) yield { kind: 'steps', steps: columnsOf(steps) };
}

/** What an item adds to a run's metrics, for judging the run while it trains. */
export function metricsOf(item: WatchItem): readonly MetricEvent[] {
  switch (item.kind) {
    case 'steps':
      return stepsOf(item.steps);
    case 'evaluation':
    case 'explosion':
    case 'rollback':
      return [item];
    default:
      return [];
  }
}
