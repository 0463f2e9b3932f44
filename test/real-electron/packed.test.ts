import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { hasChromium } from '../support/chromium.ts';
import { ask, runNamed, startRun } from '../support/electron-asks.ts';
import { fusesOf, packedApplication } from '../support/packaged.ts';
import { packedProgram, startPackedApp, type PackedApp } from '../support/packed-app.ts';
import { temporaryFolder } from '../support/texts.ts';
import { quick } from '../support/workbench-runs.ts';

const home = temporaryFolder('packed');
afterAll(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));

const isReal = packedProgram !== undefined;
const obstacle = isReal
  ? undefined
  : await packedApplication().then((packed) => (typeof packed === 'string' ? packed : undefined));
const cannot = obstacle !== undefined || (!isReal && !hasChromium);
const what = isReal
  ? packedProgram
  : `packed here, with the double${cannot ? `, skipped: ${obstacle ?? 'no Chromium'}` : ''}`;
const settings = { ...quick, name: 'packed', maxIterations: 50, evaluateEvery: 25 };

/** Checks 14 and 15: what people get. */
describe.skipIf(cannot)(`the packed application (${what})`, () => {
  let app: PackedApp | undefined;
  afterAll(() => app?.kill());

  async function start(): Promise<PackedApp> {
    const started = await startPackedApp(home);
    if (typeof started === 'string') throw new Error(started);
    await started.page.getByRole('heading', { level: 1 }).first().waitFor({ timeout: 20_000 });
    return started;
  }

  test('14: trains 50 iterations from its archive, writes, and closes', async () => {
    app = await start();
    const books = await ask(app, 'texts.list', null);
    const [book] = books.toSorted((a, b) => a.bytes - b.bytes);
    await startRun(app, book?.id ?? '', settings);
    const run = await runNamed(app, 'packed', 'finished');
    expect(run.iteration).toBe(50);
    await app.page.evaluate(`location.hash = '#/write/${run.id}'`);
    await app.page.getByRole('button', { name: 'Write', exact: true }).click();
    const written = app.page.getByRole('textbox', { name: /^Written text/ });
    await expect
      .poll(async () => (await written.textContent())?.length ?? 0, { timeout: 30_000 })
      .toBeGreaterThan(20);
    expect(await app.close()).toBe(0);
  });

  test('14: opens again where it was, and resumes the run', async () => {
    app = await start();
    const run = await runNamed(app, 'packed', 'finished');
    await ask(app, 'runs.resume', { run: run.id, changes: { maxIterations: 80 }, text: null });
    await expect
      .poll(async () => (await runNamed(app as PackedApp, 'packed', 'finished')).iteration, {
        timeout: 30_000,
      })
      .toBe(80);
    expect(await app.close()).toBe(0);
    app = undefined;
  });

  // An AppImage holds its program in an archive; the folder that it was made from is checked instead.
  test.skipIf(packedProgram?.endsWith('.AppImage') === true)(
    '14: its fuses are as the security checklist says',
    async () => {
      // run as Node, cookies, NODE_OPTIONS, inspecting; then integrity, the archive alone; then snapshot, file: privileges.
      expect((await readFuses()).slice(0, 8)).toBe('00001100');
    },
  );
});

async function readFuses(): Promise<string> {
  if (packedProgram === undefined) {
    const packed = await packedApplication();
    return typeof packed === 'string' ? packed : packed.fuses;
  }
  const framework = 'Frameworks/Electron Framework.framework/Electron Framework';
  return fusesOf(
    process.platform === 'darwin' ? join(dirname(dirname(packedProgram)), framework) : packedProgram,
  );
}
