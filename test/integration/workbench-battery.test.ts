import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { endless, RunsOfWorkbench } from '../support/workbench-runs.ts';

let runs: RunsOfWorkbench;
let run: string;
beforeAll(async () => {
  runs = await RunsOfWorkbench.open();
  run = await runs.start({ ...endless, name: 'endless' });
});
afterEach(() => expect(runs.page.defects).toEqual([]));
afterAll(() => runs.page.workbench.dispose());

const reaches = (state: string): Promise<void> =>
  expect.poll(() => runs.page.workbench.progress?.state, { timeout: 20_000 }).toBe(state);
const plug = (isIn: boolean): void => runs.page.workbench.setOnBattery(!isIn);
const request = (name: 'runs.pause' | 'runs.continue'): Promise<null> => runs.page.request(name, { run });

/** The iteration of the run, to see that it moves. */
async function moves(): Promise<void> {
  const before = runs.page.workbench.progress?.fraction ?? 0;
  await expect.poll(() => runs.page.workbench.progress?.fraction ?? 0).toBeGreaterThan(before);
}

describe('a run on battery', () => {
  test('continues by default', async () => {
    await reaches('running');
    plug(false);
    await moves();
    expect(runs.page.workbench.progress?.state).toBe('running');
    plug(true);
  });

  test('waits if the setting asks for it, says so, and continues automatically on mains power', async () => {
    const watch = runs.page.open('workbench.watch', null);
    const says = (words: string) =>
      watch.item((item) => item.kind === 'notice' && item.run === run && item.message.includes(words));
    await runs.page.request('settings.change', { pauseOnBattery: true });
    plug(false);
    await reaches('paused');
    await says('“endless” is paused because the computer is on battery');
    plug(true);
    await reaches('running');
    await says('“endless” has resumed');
    watch.stream.close();
    await moves();
  });

  test('continues on request', async () => {
    plug(false);
    await reaches('paused');
    await request('runs.continue');
    await reaches('running');
    await moves();
    expect(runs.page.workbench.progress?.state).toBe('running');
    plug(true);
    await moves();
  });

  test('stays paused when the user has paused it', async () => {
    await request('runs.pause');
    await reaches('paused');
    plug(false);
    plug(true);
    plug(false);
    plug(true);
    expect(runs.page.workbench.progress?.state).toBe('paused');
    await request('runs.continue');
    await moves();
  });

  test('does not stay paused after a short time on battery', async () => {
    for (let i = 0; i < 5; i++) {
      plug(false);
      plug(true);
    }
    await moves();
    await moves();
    expect(runs.page.workbench.progress?.state).toBe('running');
  });

  test('waits too when the setting is turned on while it runs on battery', async () => {
    await runs.page.request('settings.change', { pauseOnBattery: false });
    plug(false);
    await moves();
    await runs.page.request('settings.change', { pauseOnBattery: true });
    await reaches('paused');
    plug(true);
    await reaches('running');
  });
});
