import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { hasChromium } from '../support/chromium.ts';
import { charloom } from '../support/processes.ts';
import { ask, runIn } from '../support/electron-asks.ts';
import { StartedWindow } from '../support/started-window.ts';
import { endless, quick } from '../support/workbench-runs.ts';

// The real start script, npm before it, a group of processes as a terminal has it; Electron's program alone is another.
describe.skipIf(!hasChromium || process.platform !== 'linux')('Ctrl-C under npm start', () => {
  let window: StartedWindow | undefined;
  afterEach(() => window?.close());

  /** The process that trains, once there is something to lose. */
  async function startTraining(window: StartedWindow): Promise<number> {
    const [book] = (await ask(window, 'texts.list', null)).toSorted((a, b) => a.bytes - b.bytes);
    const settings = { ...quick, ...endless };
    const common = { encoding: null, backend: 'wasm' as const, threads: 1, initializeFrom: null };
    await ask(window, 'runs.start', { requests: [{ text: book?.id ?? '', settings, ...common }] });
    const { id } = await runIn(window, 'running');
    await expect.poll(async () => (await runIn(window, 'running')).iteration).toBeGreaterThan(0);
    const lock = readFileSync(join(window.home, 'charloom/runs', id, 'run.lock'), 'utf8');
    return (JSON.parse(lock) as { readonly holder: { readonly pid: number } }).holder.pid;
  }

  test.each(['SIGINT', 'SIGHUP'] as const)(
    'as a %s saves what trains, once, and ends every process',
    async (signal) => {
      const started = await StartedWindow.open();
      window = started;
      const trainer = await startTraining(started);
      const program = started.pid;
      started.press(signal);
      const { stderr } = await started.running.finished;
      expect(stderr).not.toContain('could not open a window');
      for (const pid of [trainer, program]) {
        await expect.poll(() => isThere(pid), { message: `process ${pid} is gone` }).toBe(false);
      }
      const env = { CHARLOOM_HOME: join(started.home, 'charloom') };
      const { stdout } = await charloom(['runs', '--json'], { env });
      expect(JSON.parse(stdout)).toMatchObject({ runs: [{ status: 'stopped', checkpoints: 1 }] });
    },
  );
});

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
