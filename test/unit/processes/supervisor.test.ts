import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nodeFork } from '../../../src/processes/node-fork.ts';
import { Supervisor } from '../../../src/processes/supervisor.ts';
import type { TrainingState } from '../../../src/processes/training-state.ts';
import { root } from '../../support/processes.ts';

const fork = nodeFork(join(root, 'test/support/odd-process.ts'));

const job = {
  kind: 'resume',
  folder: '/runs/novel',
  textPath: null,
  changes: {},
  task: null,
  samples: null,
  backend: { kind: 'wasm' },
  threads: 1,
} as const;

/** A supervisor with a process of this manner, and the states it goes through. */
class Supervised {
  readonly states: TrainingState[] = [];
  readonly supervisor: Supervisor;
  #waiting: (() => void)[] = [];

  constructor(manner: string, timeouts = { stop: 60_000, suspend: 60_000 }) {
    this.supervisor = new Supervisor({
      fork,
      name: manner,
      environment: {},
      job,
      onState: (state) => {
        this.states.push(state);
        for (const wake of this.#waiting) wake();
      },
      onStarted: () => undefined,
      onItem: () => undefined,
      onNotice: () => undefined,
      timeouts,
    });
  }

  async reached(state: TrainingState): Promise<void> {
    while (!this.states.includes(state)) await new Promise<void>((wake) => this.#waiting.push(wake));
  }
}

describe('a supervised process', () => {
  test('is paused and stopped as asked', async () => {
    const good = new Supervised('good');
    const { supervisor, states } = good;
    await good.reached('running');
    supervisor.pause();
    expect(await supervisor.restsWithin(60_000)).toBe(true);
    expect(await supervisor.stop()).toEqual({ kind: 'done', end: 'stopped' });
    expect(states).toEqual(['running', 'pausing', 'paused', 'stopping', 'ended']);
    // Everything that comes now comes too late.
    supervisor.pause();
    supervisor.continue();
    supervisor.checkpoint();
    expect(await supervisor.stop()).toEqual({ kind: 'done', end: 'stopped' });
    expect(supervisor.state).toBe('ended');
  });

  test('that does not stop in time is asked to keep what it has', async () => {
    const slow = new Supervised('slow', { stop: 50, suspend: 60_000 });
    await slow.reached('running');
    expect(await slow.supervisor.stop()).toEqual({ kind: 'done', end: 'suspended' });
  });

  test('that measures for longer is waited for as long as it tells of it', async () => {
    const thorough = new Supervised('thorough', { stop: 300, suspend: 50 });
    await thorough.reached('running');
    expect(await thorough.supervisor.stop()).toEqual({ kind: 'done', end: 'stopped' });
  });

  test('that measures for longer is not waited for while the program quits', async () => {
    const thorough = new Supervised('thorough', { stop: 300, suspend: 50 });
    await thorough.reached('running');
    expect(await thorough.supervisor.stopInTime()).toMatchObject({ kind: 'crashed' });
  });

  test('that does not answer at all is ended', async () => {
    const deaf = new Supervised('deaf', { stop: 50, suspend: 50 });
    await deaf.reached('running');
    expect(await deaf.supervisor.stop()).toMatchObject({
      kind: 'crashed',
      message: expect.stringContaining('did not respond') as unknown,
    });
    expect(deaf.states.at(-1)).toBe('ended');
  });

  // Windows has no signals.
  test.skipIf(process.platform === 'win32')('that crashes says by what, and what it wrote last', async () => {
    const outcome = await new Supervised('crashing').supervisor.ended;
    expect(outcome).toMatchObject({
      kind: 'crashed',
      message: expect.stringMatching(/SIGABRT.*last words/) as unknown,
      lastWords: ['first words', 'last words'],
    });
  });

  test('that just exits says with which code', async () => {
    const outcome = await new Supervised('exiting').supervisor.ended;
    expect(outcome).toMatchObject({ kind: 'crashed', message: expect.stringContaining('70') as unknown });
  });

  test('that fails tells why', async () => {
    const outcome = await new Supervised('failing').supervisor.ended;
    expect(outcome).toEqual({
      kind: 'failed',
      failure: { code: 'storage', message: 'The disk is full.', fix: null },
    });
  });

  test('that sends malformed messages is ended, and affects no other', async () => {
    const outcome = await new Supervised('nonsense').supervisor.ended;
    expect(outcome).toMatchObject({ kind: 'failed', failure: { code: 'defect' } });
  });

  test('that is not there at all has ended', async () => {
    const supervisor = new Supervisor({
      fork: nodeFork(join(root, 'test/support/no-such-process.ts')),
      name: 'absent',
      environment: {},
      job,
      onState: () => undefined,
      onStarted: () => undefined,
      onItem: () => undefined,
      onNotice: () => undefined,
    });
    expect(await supervisor.ended).toMatchObject({
      kind: 'crashed',
      message: expect.stringContaining('no-such-process') as unknown,
    });
  });
});
