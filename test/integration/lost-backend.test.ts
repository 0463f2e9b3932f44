import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { reserveRun } from '../../src/node/files/reserved-run.ts';
import { readRunRecord } from '../../src/node/files/run-folder.ts';
import type { Outcome } from '../../src/processes/compute-task.ts';
import { nodeFork } from '../../src/processes/node-fork.ts';
import { RunQueue } from '../../src/processes/queue.ts';
import type { ActiveRun } from '../../src/processes/scheduler-types.ts';
import { TrainingScheduler } from '../../src/processes/training-scheduler.ts';
import { summarizeRun } from '../../src/runs/summary.ts';
import type { BackendReference } from '../../src/shared/domain/backends.ts';
import { defaultRunSettings, type RunSettings } from '../../src/shared/domain/run-settings.ts';
import type { Loss } from '../support/losing-backend.ts';
import { root } from '../support/processes.ts';
import { lostSentence } from '../support/served-backend.ts';
import { checkpointDigests, metricLines, quickSettings } from '../support/sessions.ts';
import { temporaryFolder, wordyText, writeText } from '../support/texts.ts';

const folder = temporaryFolder('lost');
const text = writeText(folder, 'words.txt', wordyText(2000));
const card: BackendReference = { kind: 'webgpu', host: 'window', version: '1', card: 'a card', driver: '1' };

interface Story {
  readonly run: string;
  readonly outcome: Outcome;
  /** Why it resumed automatically, each time. */
  readonly lost: readonly string[];
  readonly states: readonly string[];
  readonly scheduler: TrainingScheduler;
}

interface Plot {
  readonly losses?: readonly Loss[];
  readonly settings?: Partial<RunSettings>;
  readonly backend?: BackendReference;
  /** Called when the run resumes automatically. */
  readonly onLost?: (scheduler: TrainingScheduler, id: string) => void;
  readonly comeBackMs?: number;
}

let homes = 0;

/** Trains one run from a queue to its end, with real processes that lose their backend as instructed. */
async function train(plot: Plot): Promise<Story> {
  const home = join(folder, `home ${homes++}`);
  const runsFolder = join(home, 'runs');
  const settings = { ...defaultRunSettings, ...quickSettings, ...plot.settings };
  const plan = {
    ...({ text: { path: text, title: 'words' }, encoding: null, initFrom: null, vocabulary: null } as const),
    ...({ backend: 'webgpu', threads: 1 } as const),
  };
  const run = await reserveRun(runsFolder, { settings, plan, created: new Date().toISOString() });
  const losses = join(home, 'losses.json');
  writeFileSync(losses, JSON.stringify(plot.losses ?? []));
  const fork = nodeFork(join(root, 'test/support/losing-process.ts'));
  const ended = Promise.withResolvers<Outcome>();
  const lost: string[] = [];
  const states: string[] = [];
  const scheduler = new TrainingScheduler({
    queue: await RunQueue.open({ home, runs: runsFolder }, () => undefined),
    fork: ({ name }) => fork({ name, environment: { CHARLOOM_LOSSES: losses } }),
    runsFolder,
    samples: () => null,
    chooseBackend: () => Promise.resolve({ backend: plot.backend ?? card, reason: 'the test says so' }),
    discard: () => Promise.resolve(),
    comeBackMs: plot.comeBackMs ?? 0,
    events: {
      onQueue: () => undefined,
      onState: ({ state }: ActiveRun) => states.push(state),
      onStarted: () => undefined,
      onItem: () => undefined,
      onNotice: () => undefined,
      onLost: (active, _outcome, why) => {
        lost.push(why);
        plot.onLost?.(scheduler, active.id);
      },
      onEnded: (_active, outcome) => ended.resolve(outcome),
    },
  });
  scheduler.begin();
  const outcome = await ended.promise;
  await scheduler.close(false);
  return { run, outcome, lost, states, scheduler };
}

/** What a run leaves, besides the moments of the clock. */
function left(run: string): unknown {
  return { checkpoints: checkpointDigests(run), metrics: metricLines(run) };
}

const undisturbed = train({});
const logOf = (run: string): string => readFileSync(join(run, 'log.txt'), 'utf8');

describe('a run whose backend is lost', () => {
  const backend: readonly Loss[] = [
    { at: 'trainStep', call: 1, how: 'backend' },
    { at: 'trainStep', call: 8, how: 'backend' },
    { at: 'trainStep', call: 45, how: 'backend' },
    { at: 'evaluate', call: 1, how: 'backend' },
    { at: 'evaluate', call: 6, how: 'backend' },
    { at: 'exportTensors', call: 1, how: 'backend' },
    { at: 'exportTensors', call: 3, how: 'backend' },
  ];
  const processes: readonly Loss[] = [
    { at: 'trainStep', call: 3, how: 'process' },
    { at: 'trainStep', call: 23, how: 'process' },
    { at: 'evaluate', call: 5, how: 'process' },
    { at: 'exportTensors', call: 2, how: 'process' },
  ];

  test.each([...backend, ...processes])(
    'once, at $at $call ($how): resumes automatically, and every file is that of an undisturbed run',
    async (loss) => {
      const { run, outcome, lost, states } = await train({ losses: [loss] });
      expect(outcome).toEqual({ kind: 'done', end: 'finished' });
      expect(lost).toHaveLength(1);
      expect(lost[0]).toMatch(/Training continues from the last save\.$/);
      expect(states.filter((state) => state === 'running')).toHaveLength(2);
      expect(left(run)).toEqual(left((await undisturbed).run));
      expect((await readRunRecord(run)).state).toBe('finished');
      if (loss.how === 'backend') expect(logOf(run)).toContain(`interrupted at iteration`);
    },
  );

  test('a second time in a row: is interrupted, says why, and resumes from its last save', async () => {
    const loss: Loss = { at: 'trainStep', call: 12, how: 'backend' };
    const { run, outcome, lost } = await train({ losses: [loss, loss] });
    expect(lost).toEqual([`${lostSentence} Training continues from the last save.`]);
    expect(outcome).toEqual({
      kind: 'lost',
      message: `The graphics card (WebGPU) was lost a second time within ten minutes: ${lostSentence}`,
      lastWords: [],
    });
    // Also for later readers of its files, in another Charloom.
    expect(await summarizeRun(run)).toMatchObject({
      status: 'interrupted',
      record: { reason: lostSentence },
    });
  });

  test('and cannot be opened again is interrupted too', async () => {
    const { run, outcome, lost } = await train({
      losses: [
        { at: 'trainStep', call: 12, how: 'process' },
        { at: 'open', call: 1, how: 'backend' },
      ],
    });
    expect(lost).toHaveLength(1);
    expect(outcome.kind).toBe('lost');
    expect(await summarizeRun(run)).toMatchObject({ status: 'interrupted' });
  });

  test('before it has started fails', async () => {
    const { outcome, lost } = await train({ losses: [{ at: 'open', call: 1, how: 'backend' }] });
    expect(outcome).toMatchObject({ kind: 'failed', failure: { code: 'backend-unavailable' } });
    expect(lost).toEqual([]);
  });

  test('on a backend that cannot be lost alone crashes', async () => {
    const losses: readonly Loss[] = [{ at: 'trainStep', call: 12, how: 'process' }];
    const { outcome, lost } = await train({ losses, backend: { kind: 'wasm' } });
    expect(outcome).toMatchObject({ kind: 'crashed' });
    expect(lost).toEqual([]);
  });

  test('stops immediately on request while it waits for the card', async () => {
    const begun = performance.now();
    const { run, outcome } = await train({
      losses: [{ at: 'trainStep', call: 12, how: 'backend' }],
      comeBackMs: 60_000,
      onLost: (scheduler, id) => setImmediate(() => void scheduler.stop(id)),
    });
    expect(outcome).toEqual({ kind: 'done', end: null });
    expect(performance.now() - begun).toBeLessThan(30_000);
    expect(basename(run)).toBe('quick');
    expect(await summarizeRun(run)).toMatchObject({ status: 'interrupted' });
  });

  test('keeps a requested pause after it has resumed', async () => {
    const { states, outcome } = await train({
      losses: [{ at: 'trainStep', call: 12, how: 'backend' }],
      onLost: (scheduler, id) => {
        scheduler.pause(id);
        const look = setInterval(() => {
          if (scheduler.active?.state !== 'paused') return;
          clearInterval(look);
          scheduler.continue(id);
        }, 20);
      },
    });
    expect(outcome).toEqual({ kind: 'done', end: 'finished' });
    expect(states).toContain('paused');
  });
});
