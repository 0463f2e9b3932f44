import { describe, expect, it } from 'vitest';
import { RunMonitor } from '../../../src/renderer/stores/run-monitor.svelte.ts';
import type { Bridge } from '../../../src/shared/ipc/contract.ts';
import { CharloomError } from '../../../src/shared/errors.ts';
import type { Sample, WatchItem } from '../../../src/shared/domain/run.ts';
import { testRun } from '../../support/runs-for-pages.ts';

/** The host's end of one stream, and a clock that moves on request. */
function watched() {
  let push: (item: WatchItem) => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  let isClosed = false;
  const ended = new Promise<void>((_, reject) => (fail = reject));
  const bridge = {
    open: (_name: string, _params: unknown, onItem: (item: WatchItem) => void) => {
      push = onItem;
      return { send: () => undefined, close: () => (isClosed = true), ended };
    },
  } as unknown as Bridge;
  const waiting: (() => void)[] = [];
  const clock = { time: 0 };
  const watch = new RunMonitor(bridge, 'a-run', {
    now: () => clock.time,
    soon: (work) => {
      waiting.push(work);
      return () => void waiting.splice(waiting.indexOf(work), 1);
    },
  });
  return {
    watch,
    clock,
    waiting,
    tell: (...items: WatchItem[]) => items.forEach((item) => push(item)),
    fail: (error: Error) => fail(error),
    tick: () => waiting.splice(0).forEach((work) => work()),
    isClosed: () => isClosed,
  };
}

function steps(from: number, to: number): WatchItem {
  const iteration = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  return {
    kind: 'steps',
    steps: {
      iteration,
      epoch: iteration.map((value) => value / 10),
      loss: iteration.map(() => 2),
      learningRate: iteration.map(() => 0.002),
      gradientNorm: iteration.map(() => 1),
      parameterNorm: iteration.map(() => 20),
      milliseconds: iteration.map(() => 10),
    },
  };
}

function checkpoint(file: string, iteration: number): WatchItem {
  return { kind: 'checkpoint', file, iteration, epoch: iteration / 10, validationLoss: 2, best: true };
}

function sample(iteration: number): Sample {
  return { iteration, epoch: 1, validationLoss: 2, temperature: 0.8, seed: 1, primeText: '', text: 'abc' };
}

const history: readonly WatchItem[] = [
  { kind: 'begin' },
  { kind: 'state', run: testRun({ iteration: 20 }) },
  steps(1, 20),
  { kind: 'evaluation', iteration: 10, epoch: 1, validationLoss: 2.5 },
  checkpoint('one', 10),
  { kind: 'sample', sample: sample(10) },
  { kind: 'log', line: 'started' },
  { kind: 'live' },
];

describe('RunMonitor', () => {
  it('shows the history as soon as it is complete', () => {
    const { watch, tell } = watched();
    tell(...history);
    expect(watch.isLive).toBe(true);
    expect(watch.revision).toBe(1);
    expect(watch.series.length).toBe(20);
    expect(watch.iteration).toBe(20);
    expect(watch.checkpoints.map(({ file }) => file)).toEqual(['one']);
    expect(watch.samples).toHaveLength(1);
    expect(watch.log).toEqual(['started']);
  });

  it('shows many items together, not one by one', () => {
    const { watch, tell, tick, waiting } = watched();
    tell(...history);
    for (let i = 21; i <= 60; i++) tell(steps(i, i));
    expect(watch.revision).toBe(1);
    expect(waiting).toHaveLength(1);
    tick();
    expect(watch.revision).toBe(2);
    expect(watch.iteration).toBe(60);
  });

  it('loses and repeats nothing when the history is sent again after a reconnection', () => {
    const { watch, tell, tick } = watched();
    tell(...history, steps(21, 25));
    tick();
    tell(...history);
    tell(steps(21, 30));
    tick();
    expect(watch.series.length).toBe(30);
    expect(watch.series.evaluations).toHaveLength(1);
    expect(watch.checkpoints).toHaveLength(1);
    expect(watch.samples).toHaveLength(1);
    expect(watch.log).toEqual(['started']);
  });

  it('removes what a rollback discarded', () => {
    const { watch, tell, tick } = watched();
    tell(...history, steps(21, 40), { kind: 'sample', sample: sample(40) });
    tell(
      { kind: 'explosion', iteration: 40, loss: 99, action: 'recover' },
      { kind: 'rollback', iteration: 10 },
    );
    tick();
    expect(watch.series.length).toBe(10);
    expect(watch.samples.map(({ iteration }) => iteration)).toEqual([10]);
    expect(watch.explosion?.iteration).toBe(40);
  });

  it('measures how long an evaluation takes, from its first sign to its result', () => {
    const { watch, tell, clock } = watched();
    tell(...history);
    clock.time = 1000;
    tell({ kind: 'busy', doing: 'evaluating', fraction: 0.1 });
    expect(watch.busy?.fraction).toBe(0.1);
    clock.time = 1400;
    tell({ kind: 'busy', doing: 'evaluating', fraction: 0.8 });
    clock.time = 1700;
    tell({ kind: 'evaluation', iteration: 20, epoch: 2, validationLoss: 2.2 });
    expect(watch.evaluationMilliseconds).toBe(700);
    expect(watch.busy).toBeNull();
  });

  it('is no longer busy once a run has ended or paused', () => {
    const { watch, tell } = watched();
    tell(...history, { kind: 'busy', doing: 'evaluating', fraction: 0.3 });
    tell({ kind: 'state', run: testRun({ state: 'stopped' }) });
    expect(watch.busy).toBeNull();
  });

  it('shows the current work when the page opens during it', () => {
    const { watch, tell } = watched();
    tell(...history.slice(0, -1), { kind: 'busy', doing: 'evaluating', fraction: 0.9 }, { kind: 'live' });
    expect(watch.busy?.fraction).toBe(0.9);
    tell({ kind: 'busy', doing: 'evaluating', fraction: 0.2 });
    expect(watch.busy?.fraction).toBe(0.2);
    tell({ kind: 'busy', doing: 'evaluating', fraction: 1 });
    expect(watch.busy).toBeNull();
  });

  it('keeps what went wrong', async () => {
    const { watch, fail } = watched();
    fail(new CharloomError('not-found', 'There is no run.'));
    await Promise.resolve();
    await Promise.resolve();
    expect(watch.problem).toBeInstanceOf(CharloomError);
  });

  it('shows nothing more once it is closed', () => {
    const { watch, tell, tick, isClosed } = watched();
    tell(...history, steps(21, 22));
    watch.close();
    tick();
    expect(isClosed()).toBe(true);
    expect(watch.revision).toBe(1);
  });
});
