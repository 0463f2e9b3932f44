import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readRunRecord } from '../../src/node/files/run-folder.ts';
import type { RunSettings } from '../../src/shared/domain/run-settings.ts';
import type { RunState } from '../../src/shared/domain/run-state.ts';
import type { Run } from '../../src/shared/domain/run.ts';
import { hasChromium } from '../support/chromium.ts';
import { electronKind, startElectronApp, type ElectronApp } from '../support/electron-app.ts';
import { ask, textAt } from '../support/electron-asks.ts';
import { checkpointDigests, metricLines } from '../support/sessions.ts';
import { softwareCard } from '../support/software-card.ts';
import { temporaryFolder, writeText } from '../support/texts.ts';
import { quick, story } from '../support/workbench-runs.ts';

const text = writeText(temporaryFolder('graphics'), 'weaver.txt', story);
/** Ten steps between two checkpoints, and dropout, which is drawn anew in every step. */
const small: RunSettings = { ...quick, dropout: 0.2, evaluateEvery: 10, maxIterations: 40 };

describe.skipIf(!hasChromium && electronKind === 'double')(
  `the window that computes on the graphics card (${electronKind}, SwiftShader)`,
  { timeout: 180_000 },
  () => {
    let app: ElectronApp;
    let whole: Run;
    beforeAll(async () => {
      app = await startElectronApp({ ...softwareCard, words: [text] });
    });
    afterAll(() => app.close());

    /** Queues a run on the card; all have the same name, so that their checkpoints can be the same. */
    async function begin(): Promise<string> {
      const common = { encoding: null, backend: 'webgpu', threads: 1, initializeFrom: null } as const;
      const request = { text: await textAt(app, text), settings: small, ...common };
      const [run] = await ask(app, 'runs.start', { requests: [request] });
      return run?.id ?? '';
    }

    /** The run, as soon as it is in a state. */
    async function reached(id: string, state: RunState, least = 0): Promise<Run> {
      let run: Run | undefined;
      const look = async (): Promise<RunState | undefined> => {
        run = (await ask(app, 'runs.list', null)).find((one) => one.id === id);
        return (run?.iteration ?? 0) >= least ? run?.state : undefined;
      };
      await expect.poll(look, { timeout: 100_000, interval: 20, message: id }).toBe(state);
      if (run === undefined) throw new Error(`no run ${id}`);
      return run;
    }

    const windows = (): Promise<number> =>
      app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length, null);
    const left = ({ path }: Run): unknown => ({
      checkpoints: checkpointDigests(path),
      metrics: metricLines(path),
    });
    const logOf = ({ path }: Run): string => readFileSync(join(path, 'log.txt'), 'utf8');

    test('a run trains in it from beginning to end, and the window goes with it', async () => {
      whole = await reached(await begin(), 'finished');
      expect(whole.iteration).toBe(40);
      expect(whole.best?.validationLoss).toBeLessThan(3);
      const { backend } = await readRunRecord(whole.path);
      expect(backend.name).toBe('webgpu');
      expect(backend.variant).toMatch(/^webgpu-google-swiftshader/);
      await expect.poll(windows).toBe(1);
    });

    test('suspended and resumed, a run ends in the bytes of one that was not', async () => {
      const run = await begin();
      await reached(run, 'running', 5);
      await ask(app, 'runs.suspend', { run });
      expect((await reached(run, 'stopped')).iteration).toBeLessThan(40);
      await ask(app, 'runs.resume', { run, changes: {}, text: null });
      const resumed = await reached(run, 'finished');
      expect(left(resumed)).toEqual(left(whole));
      expect(logOf(resumed)).not.toContain('the last digits may differ');
    });

    test('when the window crashes, the run goes on by itself in another, to the same bytes', async () => {
      const run = await begin();
      await reached(run, 'running', 12);
      await app.evaluate(({ BrowserWindow }) => {
        BrowserWindow.getAllWindows()[1]?.webContents.forcefullyCrashRenderer();
      }, null);
      const finished = await reached(run, 'finished');
      expect(logOf(finished)).toMatch(/interrupted at iteration \d+: The window that computes/);
      expect(left(finished)).toEqual(left(whole));
      await expect.poll(windows).toBe(1);
    });

    test.skipIf(electronKind === 'electron')(
      "when Chromium's process of the card crashes, the run goes on by itself as well",
      async () => {
        const run = await begin();
        await reached(run, 'running', 12);
        const session = await app.page.context().browser()?.newBrowserCDPSession();
        await session?.send('Browser.crashGpuProcess');
        const finished = await reached(run, 'finished');
        expect(logOf(finished)).toMatch(/interrupted at iteration \d+: The graphics card was lost/);
        expect(left(finished)).toEqual(left(whole));
      },
    );
  },
);
