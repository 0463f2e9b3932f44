import { trainEvent, type TrainEvent } from '../../src/cli/json-output.ts';
import { jsonLines } from './processes.ts';

/** What `charloom train --json` printed. */
export function events(stdout: string): readonly TrainEvent[] {
  return jsonLines(stdout).map((line) => trainEvent.parse(line));
}

/** The events of one kind. */
export function only<K extends TrainEvent['event']>(
  all: readonly TrainEvent[],
  kind: K,
): readonly Extract<TrainEvent, { event: K }>[] {
  return all.filter((event): event is Extract<TrainEvent, { event: K }> => event.event === kind);
}
