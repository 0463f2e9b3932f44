import { expect, test } from 'vitest';
import type { Run } from '../../../src/shared/domain/run.ts';
import { RunChanges, type RunChange } from '../../../src/workbench/runs/run-changes.ts';
import type { RunLibrary, RunPortion } from '../../../src/workbench/runs/run-library.ts';

/** A list of runs whose every reading is answered by hand, so that two of them can cross. */
class SlowLibrary {
  readonly #waiting: ((runs: readonly Run[]) => void)[] = [];
  list(): Promise<readonly Run[]> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
  async read(tell: (portion: RunPortion) => void): Promise<void> {
    tell({ runs: await this.list(), remaining: 0 });
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

test('a page that opens during a change of the runs receives it too', async () => {
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

test('a page that opens after a change does not keep it from the pages that were open before', async () => {
  const library = new SlowLibrary();
  const changes = new RunChanges(library as unknown as RunLibrary, (error) => expect.fail(String(error)));
  const heard: RunChange[] = [];
  const stops: (() => void)[] = [];
  const first = changes.watch((change) => heard.push(change));
  library.answer(0, 1);
  stops.push(await first);

  const second = changes.watch(() => undefined);
  library.answer(0, 2);
  stops.push(await second);
  const look = changes.refresh();
  library.answer(0, 2);
  await look;
  for (const stop of stops) stop();
  expect(iterationOf(heard.at(-1))).toBe(2);
});

test('a long list comes in portions, whose places follow each other', async () => {
  const run = (id: string): Run => ({ id, iteration: 1 }) as Run;
  const library = {
    read: (tell: (portion: RunPortion) => void): Promise<void> => {
      tell({ runs: [run('c'), run('b')], remaining: 2 });
      // The third folder was removed in between.
      tell({ runs: [run('a')], remaining: 0 });
      return Promise.resolve();
    },
  };
  const changes = new RunChanges(library as unknown as RunLibrary, (error) => expect.fail(String(error)));
  const heard: RunChange[] = [];
  const stop = await changes.watch((change) => heard.push(change));
  stop();
  expect(heard).toEqual([
    { kind: 'runs', place: 0, runs: [run('c'), run('b')], remaining: 2 },
    { kind: 'runs', place: 2, runs: [run('a')], remaining: 0 },
  ]);
});
