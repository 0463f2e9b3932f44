import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { hasChromium } from '../support/chromium.ts';
import { electronKind, startElectronApp, type ElectronApp } from '../support/electron-app.ts';
import { ask, runNamed, startRun, textAt } from '../support/electron-asks.ts';
import { charloom } from '../support/processes.ts';
import { Served } from '../support/served.ts';
import { temporaryFolder, writeText } from '../support/texts.ts';
import { endless, quick, story } from '../support/workbench-runs.ts';

const folder = temporaryFolder('leaving');
const path = writeText(folder, 'weaver.txt', story);
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

/** A window with its own home, in which a run has taken some steps. */
async function training(name: string): Promise<ElectronApp> {
  const home = join(folder, name);
  const app = await startElectronApp({ home, words: [path] });
  await startRun(app, await textAt(app, path), { ...quick, ...endless, name });
  const { id } = await runNamed(app, name, 'running');
  const steps = async (): Promise<number> => (await ask(app, 'runs.get', { run: id })).run.iteration;
  await expect.poll(steps, { timeout: 20_000 }).toBeGreaterThan(5);
  return app;
}

/** The program has ended normally, and the run is as after “Stop and save”: with everything that it had learned. */
async function expectSaved(app: ElectronApp, name: string): Promise<void> {
  expect(await app.ended).toBe(0);
  await app.close();
  const runs = join(app.home, 'charloom', 'runs');
  const { code, stdout, stderr } = await charloom(['checkpoints', name, '--json', '--out', runs]);
  expect(code, stderr).toBe(0);
  const iterations = [...stdout.matchAll(/"i":\s*(\d+)/g)].map(([, iteration]) => Number(iteration));
  expect(Math.max(...iterations)).toBeGreaterThan(5);
  const listed = await charloom(['runs', '--json', '--out', runs]);
  expect(listed.stdout).toContain('"stopped"');
}

/** Checks 10 and 11; the questions of a closing window are in test/integration/electron-app.test.ts. */
describe.skipIf(!hasChromium && electronKind === 'double')(
  `leaving while a run trains (${electronKind})`,
  () => {
    test.skipIf(process.platform === 'win32').each([
      ['SIGTERM', ['SIGTERM']],
      ['one Ctrl-C', ['SIGINT']],
      // A terminal signals every process in it, and the parent forwards the signal.
      ['one Ctrl-C that is told twice', ['SIGINT', 'SIGINT']],
    ] as const)('11: %s saves and ends', async (_, signals) => {
      const name = `left by ${signals.join(' and ')}`;
      const app = await training(name);
      const pid = await app.evaluate(() => process.pid, null);
      for (const signal of signals) process.kill(pid, signal);
      await expectSaved(app, name);
    });

    test('11: quitting asks once, saves and ends, also where a browser host has the queue', async () => {
      const name = 'left by the menu';
      const home = join(folder, name);
      const host = await Served.start([], { env: { CHARLOOM_HOME: join(home, 'charloom') } });
      const app = await startElectronApp({ home, words: [path] });
      await app.page.getByRole('heading', { level: 1 }).first().waitFor();
      await app.evaluate(({ app: program }) => void setTimeout(() => program.quit()), null);
      expect(await app.ended).toBe(0);
      await app.close();
      host.running.process.kill('SIGINT');
      expect((await host.running.finished).code).toBe(0);
      const alone = await training(name);
      await alone.evaluate(({ app: program, dialog }) => {
        dialog.showMessageBox = () => Promise.resolve({ response: 2, checkboxChecked: false });
        setTimeout(() => program.quit());
      }, null);
      await expectSaved(alone, name);
    });
  },
);
