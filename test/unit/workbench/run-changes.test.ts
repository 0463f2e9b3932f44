import { expect, test } from 'vitest';
import type { Run } from '../../../src/shared/domain/run.ts';
import { RunChanges, type RunChange } from '../../../src/workbench/runs/run-changes.ts';
import type { RunLibrary } from '../../../src/workbench/runs/run-library.ts';

/** A list of runs whose every reading is answered by hand, so that two of them can cross. */
class SlowLibrary {
  readonly #waiting: ((runs: readonly Run[]) => void)[] = [];
  list(): Promise<readonly Run[]> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
  answer(place: number, iteration: number): void {
    const [resolve] = this.#waiting.splice(place, 1);
    resolve?.([{ id: 'weaver', iteration } as Run]);
  }
}

const iterationOf = (change: RunChange | undefined): number | undefined =>
  change?.kind === 'run'
    ? change.run.iteration
    : change?.kind === 'runs'
      ? change.runs[0]?.iteration
      : undefined;

test('a page that opens while the runs change hears of the change like every other', async () => {
  const library = new SlowLibrary();
  const changes = new RunChanges(library as unknown as RunLibrary, (error) => expect.fail(String(error)));
  const heard: [RunChange[], RunChange[]] = [[], []];
  const stops: (() => void)[] = [];

  const first = changes.watch((change) => heard[0].push(change));
  library.answer(0, 1);
  stops.push(await first);

  // The second page's read starts before the change, and ends after the first page was informed.
  const second = changes.watch((change) => heard[1].push(change));
  const look = changes.refresh();
  library.answer(1, 2);
  await look;
  library.answer(0, 1);
  stops.push(await second);

  const next = changes.refresh();
  library.answer(0, 2);
  await next;
  for (const stop of stops) stop();
  expect(heard.map((each) => iterationOf(each.at(-1)))).toEqual([2, 2]);
});
