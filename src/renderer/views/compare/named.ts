import type { RunMonitor } from '../../stores/run-monitor.svelte.ts';
import { distinctNames, type NamedSeries } from './compare-curves.ts';

/** The runs that could be opened, each with a unique name. */
export function namedSeries(watches: readonly RunMonitor[]): readonly NamedSeries[] {
  const open = openRuns(watches);
  const names = distinctNames(open.map(({ run }) => run));
  return open.map(({ run, watch }, index) => ({
    id: run.id,
    name: names[index] ?? run.name,
    series: watch.series,
  }));
}

/** Watches whose run is known. */
export function openRuns(watches: readonly RunMonitor[]) {
  return watches.flatMap((watch) => (watch.run === null ? [] : [{ run: watch.run, watch }]));
}
