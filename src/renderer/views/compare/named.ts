import type { RunMonitor } from '../../stores/run-monitor.svelte.ts';
import type { Run } from '../../../shared/domain/run.ts';
import type { NamedSeries } from './compare-curves.ts';

/**
 * The runs that could be opened, each with a unique name.
 * @param nameOf the name by which a run is shown
 */
export function namedSeries(
  watches: readonly RunMonitor[],
  nameOf: (run: Run) => string,
): readonly NamedSeries[] {
  return openRuns(watches).map(({ run, watch }) => ({
    id: run.id,
    name: nameOf(run),
    series: watch.series,
  }));
}

/** Watches whose run is known. */
export function openRuns(watches: readonly RunMonitor[]) {
  return watches.flatMap((watch) => (watch.run === null ? [] : [{ run: watch.run, watch }]));
}
