import { afterAll, beforeAll, expect } from 'vitest';
import { overfittingRun, type OverfittingRun } from './overfitting-run.ts';
import { WorkbenchWindow } from './workbench-page.ts';

/** What a group of tests shares; read only inside its tests. */
export interface WindowWithRuns {
  readonly opened: WorkbenchWindow;
  /** The run “Alice”, which overfits. */
  readonly run: OverfittingRun;
}

/**
 * For a group of tests: opens a small window on a workbench that has an overfitting run, and closes it after the last test. Fails when
 * the page complained on its console meanwhile.
 * @param prepare puts more into Charloom's folder before it starts
 */
export function windowWithRuns(
  prepare?: (home: string, run: OverfittingRun) => void | Promise<void>,
): WindowWithRuns {
  let opened: WorkbenchWindow | undefined;
  let run: OverfittingRun | undefined;
  beforeAll(async () => {
    opened = await WorkbenchWindow.open({
      width: 900,
      height: 700,
      prepare: async (home) => {
        run = await overfittingRun(home);
        await prepare?.(home, run);
      },
    });
  }, 120_000);
  afterAll(async () => {
    await opened?.close();
    expect(opened?.complaints).toEqual([]);
  });
  return {
    get opened() {
      if (opened === undefined) throw new Error('the window opens before the first test');
      return opened;
    },
    get run() {
      if (run === undefined) throw new Error('the run is trained before the first test');
      return run;
    },
  };
}
