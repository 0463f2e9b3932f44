import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../../src/node/files/run-record.ts';
import type { Submission } from '../../../src/node/sweeps/submissions.ts';
import type { TaskState } from '../../../src/node/sweeps/task-state.ts';
import type { JobList } from '../../../src/runs/sweeps/jobs.ts';
import type { TaskFacts } from '../../../src/runs/sweeps/task-facts.ts';
import { taskStateOf, type SweepSurroundings } from '../../../src/runs/sweeps/task-state-of.ts';

const entry = { index: 7, run: 'sea-007', name: 'sea-007', changes: {} };
const submission: Submission = {
  ...{
    number: 2,
    at: '2026-01-01T00:00:00Z',
    engine: 'slurm',
    tasks: new Set([7]),
    jobName: 'sea.2',
    offset: 0,
  },
  ...{ hours: null, isUnstopped: false, options: undefined, job: '55', refusal: null },
};
const facts = (more: Partial<TaskFacts> = {}): TaskFacts => ({
  ...{
    entry,
    state: undefined,
    run: undefined,
    isHeld: false,
    holderJob: null,
    host: 'node1',
    evaluations: [],
  },
  ...more,
});
const run = (state: RunRecord['state'], reason: string | null = null): Partial<TaskFacts> => ({
  run: { state, reason } as RunRecord,
});
const said = (state: TaskState['state'], more: Partial<TaskState> = {}): Partial<TaskFacts> => ({
  state: {
    ...{ state, reason: null, attempts: 1, submission: 2, updated: '2026-01-01T00:00:10Z' },
    ...more,
  } as TaskState,
});
const jobs = (state?: string, reason: string | null = null): JobList => ({
  isKnown: true,
  problem: null,
  askedAt: Date.parse('2026-01-01T00:00:30Z'),
  jobs: new Map(state === undefined ? [] : [['55_7', { state, reason, node: 'node2' }]]),
});
const around = (more: Partial<SweepSurroundings> = {}): SweepSurroundings => ({
  submissions: new Map([[7, submission]]),
  cancelled: new Map(),
  jobs: jobs(),
  isLocalAlive: false,
  queued: new Set(),
  ...more,
});
const stateOf = (of: TaskFacts, more: Partial<SweepSurroundings> = {}) => taskStateOf(of, around(more));

describe('the state of a task', () => {
  it('is planned before it is submitted, and stopped where its run was saved', () => {
    const submissions = new Map();
    expect(stateOf(facts(), { submissions }).state).toBe('planned');
    expect(stateOf(facts(run('stopped')), { submissions }).state).toBe('stopped');
  });

  it('is what its run says once that has ended, whatever Slurm lists', () => {
    for (const list of [jobs(), jobs('RUNNING'), jobs('NODE_FAIL'), jobs('CANCELLED')]) {
      expect(stateOf(facts({ ...run('finished'), ...said('finished') }), { jobs: list }).state).toBe(
        'finished',
      );
      expect(stateOf(facts({ ...run('exploded'), ...said('exploded') }), { jobs: list }).state).toBe(
        'exploded',
      );
    }
  });

  it('waits for the reason that Slurm gives', () => {
    expect(stateOf(facts(), { jobs: jobs('PENDING', 'Resources') })).toMatchObject({
      state: 'waiting',
      reason: 'It waits for processors, memory or cards to be free.',
    });
    expect(stateOf(facts(), { jobs: jobs('PENDING', 'Cleaning') }).reason).toBe('Slurm says: Cleaning.');
  });

  it('waits for another turn although the lock of a killed node still exists', () => {
    const killed = facts({ ...run('running'), ...said('running'), isHeld: true });
    expect(stateOf(killed, { jobs: jobs('PENDING', 'BeginTime') }).state).toBe('restarting');
    expect(
      stateOf(facts({ ...run('stopped'), ...said('waiting') }), { jobs: jobs('COMPLETING') }).state,
    ).toBe('restarting');
  });

  it('has failed where its job was killed, whatever the lock on its node says', () => {
    const killed = facts({ ...run('running'), ...said('running'), isHeld: true, holderJob: '55_7' });
    expect(stateOf(killed, { jobs: jobs('FAILED') })).toEqual({
      ...{ state: 'failed', reason: 'Its job ended with an error.', node: 'node2', isUnexplained: true },
    });
    expect(stateOf(killed, { jobs: jobs('OUT_OF_MEMORY') }).state).toBe('failed');
    // Slurm has forgotten the job; one of another name, started by hand, it was not asked for.
    expect(stateOf(killed, { jobs: jobs() }).state).toBe('lost');
    expect(stateOf({ ...killed, holderJob: '99_7' }, { jobs: jobs('FAILED') }).state).toBe('running');
    // A process outside a cluster, a job that runs, and one that has said so since Slurm was asked.
    expect(stateOf({ ...killed, holderJob: null }, { jobs: jobs('FAILED') }).state).toBe('running');
    expect(stateOf(killed, { jobs: jobs('RUNNING') }).state).toBe('running');
    const begun = { ...killed, ...said('running', { updated: '2026-01-01T00:00:40Z' }) };
    expect(stateOf(begun, { jobs: jobs() }).state).toBe('running');
    expect(stateOf(killed, { jobs: { ...jobs(), isKnown: false } }).state).toBe('running');
  });

  it('runs when it has said so since Slurm was asked', () => {
    const started = said('running', { updated: '2026-01-01T00:00:40Z' });
    const begun = facts({ ...run('running'), ...started, isHeld: true });
    expect(stateOf(begun, { jobs: jobs('PENDING', 'Priority') }).state).toBe('running');
  });

  it('runs where its job does, and where a process holds the run', () => {
    expect(stateOf(facts(), { jobs: jobs('RUNNING') })).toEqual({
      state: 'running',
      reason: null,
      node: 'node2',
    });
    expect(stateOf(facts({ ...run('running'), isHeld: true }))).toEqual({
      state: 'running',
      reason: null,
      node: 'node1',
    });
  });

  it('is lost when nothing reports it, and only where Slurm answers', () => {
    expect(stateOf(facts()).state).toBe('lost');
    expect(stateOf(facts({ ...run('running'), ...said('running') })).state).toBe('lost');
    const unknown = { ...jobs(), isKnown: false };
    expect(stateOf(facts(), { jobs: unknown }).state).toBe('waiting');
    expect(stateOf(facts({ ...run('running'), ...said('running') }), { jobs: unknown }).state).toBe(
      'stopped',
    );
    // It has saved, and its job asked for no other turn.
    expect(stateOf(facts({ ...run('stopped'), ...said('waiting') })).state).toBe('stopped');
  });

  it.each([
    ['TIMEOUT', 'Its job reached its time limit.'],
    ['NODE_FAIL', 'Its node failed.'],
    ['OUT_OF_MEMORY', 'Its job needed more memory than it was given: submit it with more --mem.'],
    ['FAILED', 'Its job ended with an error.'],
  ])('has failed where its job ended as %s without a word', (state, reason) => {
    expect(stateOf(facts(said('starting')), { jobs: jobs(state) })).toMatchObject({
      state: 'failed',
      reason,
    });
    // What was saved can be resumed.
    expect(stateOf(facts({ ...run('stopped'), ...said('waiting') }), { jobs: jobs(state) })).toMatchObject({
      state: 'stopped',
      reason,
    });
  });

  it('is cancelled until it is submitted again', () => {
    expect(stateOf(facts(), { cancelled: new Map([[7, 2]]) }).state).toBe('cancelled');
    expect(stateOf(facts(), { cancelled: new Map([[7, 1]]) }).state).toBe('lost');
    expect(stateOf(facts(), { jobs: jobs('CANCELLED') }).state).toBe('cancelled');
  });

  it('keeps the result of its last submission, and nothing of an earlier one', () => {
    const failed = said('failed', { reason: 'The text is gone.' });
    expect(stateOf(facts(failed))).toMatchObject({ state: 'failed', reason: 'The text is gone.' });
    expect(stateOf(facts(said('failed', { submission: 1 }))).state).toBe('lost');
    expect(stateOf(facts(said('stopped-early', { reason: 'Behind.' }))).state).toBe('stopped-early');
  });

  it('waits while its local sweep runs, and is planned or stopped after that', () => {
    const submissions = new Map([[7, { ...submission, engine: 'local' as const, job: null }]]);
    expect(stateOf(facts(), { submissions, isLocalAlive: true }).state).toBe('waiting');
    expect(stateOf(facts(), { submissions }).state).toBe('planned');
    expect(stateOf(facts({ ...run('stopped'), ...said('waiting') }), { submissions }).state).toBe('stopped');
    expect(stateOf(facts({ ...run('running'), ...said('running') }), { submissions }).state).toBe('lost');
  });
});
