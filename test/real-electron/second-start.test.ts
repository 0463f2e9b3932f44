import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { findElectron } from '../../scripts/electron-binary.js';
import { hasChromium } from '../support/chromium.ts';
import { electronKind, startElectronApp, type ElectronApp } from '../support/electron-app.ts';
import { ask, runNamed, startRun, textAt } from '../support/electron-asks.ts';
import { electronWords } from '../support/electron-words.ts';
import { root } from '../support/processes.ts';
import { temporaryFolder, writeText } from '../support/texts.ts';
import { quick, story } from '../support/workbench-runs.ts';

const folder = join(temporaryFolder('second'), 'Übungen für später');
mkdirSync(folder);

/** Check 12: a second start passes on its files, whatever their paths look like. */
describe.skipIf(!hasChromium && electronKind === 'double')(`a second start (${electronKind})`, () => {
  let app: ElectronApp | undefined;
  afterAll(() => app?.close());

  test('12: opens its model in the open window, and ends', async () => {
    const path = writeText(folder, 'Die Weberin – Erzählung.txt', story);
    app = await startElectronApp({ home: join(folder, 'home'), words: [path] });
    await startRun(app, await textAt(app, path), { ...quick, name: 'weaver', maxIterations: 40 });
    const run = await runNamed(app, 'weaver', 'finished');
    const [checkpoint] = await ask(app, 'checkpoints.list', { run: run.id });
    const model = join(folder, 'Bestes Modell.safetensors');
    copyFileSync(join(run.path, 'checkpoints', checkpoint?.file ?? ''), model);
    await startAgain(app, model);
    const models = async (): Promise<number> => (await ask(app as ElectronApp, 'models.list', null)).length;
    await expect.poll(models, { timeout: 20_000 }).toBe(1);
    const visible = (): Promise<boolean | undefined> =>
      (app as ElectronApp).evaluate(
        ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible(),
        null,
      );
    await expect.poll(visible).toBe(true);
  });
});

/** The double cannot hear of another process: there the second start is its event alone. */
async function startAgain(app: ElectronApp, model: string): Promise<void> {
  if (app.kind === 'double') {
    await app.evaluate(
      ({ app: program }, [place, file]) =>
        void program.emit('second-instance', {}, ['charloom', file], place),
      [folder, model],
    );
    return;
  }
  const words = [...electronWords(join(app.home, 'userData')), root, model];
  const env = { ...process.env, CHARLOOM_HOME: join(app.home, 'charloom') };
  const second = spawn(findElectron({}) ?? '', words, { cwd: folder, env, stdio: 'ignore' });
  expect((await once(second, 'exit'))[0]).toBe(0);
}
