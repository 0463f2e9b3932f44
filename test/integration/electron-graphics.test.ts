import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readRunRecord } from '../../src/node/files/run-folder.ts';
import type { RunSettings } from '../../src/shared/domain/run-settings.ts';
import type { RunState } from '../../src/shared/domain/run-state.ts';
import type { Run } from '../../src/shared/domain/run.ts';
import { graphicsWindowOptions } from '../../src/main/windows/options.ts';
import { hasChromium } from '../support/chromium.ts';
import { electronKind, startElectronApp, type ElectronApp } from '../support/electron-app.ts';
import { ask, textAt } from '../support/electron-asks.ts';
import { root } from '../support/processes.ts';
import { checkpointDigests, metricLines } from '../support/sessions.ts';
import { softwareCard } from '../support/software-card.ts';
import { temporaryFolder, writeText } from '../support/texts.ts';
import { quick, story } from '../support/workbench-runs.ts';

const text = writeText(temporaryFolder('graphics'), 'weaver.txt', story);
const iterations = 24;
/** Eight steps between two checkpoints, and dropout, which is drawn again in every step. SwiftShader takes half a second for a step. */
const small: RunSettings = { ...quick, dropout: 0.2, evaluateEvery: 8, maxIterations: iterations };
/** In the middle between two checkpoints. */
const midway = 10;

/** What a page's own policy keeps it from: in the page, as text. */
const triesToReachOthers = `new Promise((resolve) => {
  const seen = new Set();
  document.addEventListener('securitypolicyviolation', (event) => {
    seen.add(event.effectiveDirective);
    if (seen.size === 4) resolve([...seen].toSorted());
  });
  fetch('/index.html').catch(() => undefined);
  const frame = document.createElement('iframe');
  frame.src = 'https://evil.example/';
  const image = new Image();
  image.src = 'https://evil.example/pixel.png';
  const style = document.createElement('link');
  Object.assign(style, { rel: 'stylesheet', href: '/style.css' });
  document.body.append(frame, image, style);
})`;

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
    async function begin(others: Partial<RunSettings> = {}): Promise<string> {
      const common = { encoding: null, backend: 'webgpu', threads: 1, initializeFrom: null } as const;
      const request = { text: await textAt(app, text), settings: { ...small, ...others }, ...common };
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
    /** As soon as there is one. */
    const crashWindow = (): Promise<unknown> =>
      expect
        .poll(() =>
          app.evaluate(({ BrowserWindow }) => {
            const window = BrowserWindow.getAllWindows()[1];
            window?.webContents.forcefullyCrashRenderer();
            return window !== undefined;
          }, null),
        )
        .toBe(true);
    const left = ({ path }: Run): unknown => ({
      checkpoints: checkpointDigests(path),
      metrics: metricLines(path),
    });
    const logOf = ({ path }: Run): string => readFileSync(join(path, 'log.txt'), 'utf8');

    test('a run trains in it from beginning to end, and the window closes with it', async () => {
      whole = await reached(await begin(), 'finished');
      expect(whole.iteration).toBe(iterations);
      expect(whole.best?.validationLoss).toBeLessThan(3);
      const { backend } = await readRunRecord(whole.path);
      expect(backend.name).toBe('webgpu');
      expect(backend.variant).toMatch(/^webgpu-google-swiftshader/);
      await expect.poll(windows).toBe(1);
    });

    test('security items 1 to 14: the window reaches nothing, asks for nothing and goes nowhere', async () => {
      const run = await begin({ maxIterations: 0, maxEpochs: 1000, evaluateEvery: 100_000 });
      await reached(run, 'running', 1);
      const described = await app.evaluate(({ BrowserWindow }) => {
        const window = BrowserWindow.getAllWindows()[1];
        const contents = window?.webContents;
        const preferences = contents?.getLastWebPreferences();
        return { preferences, url: contents?.getURL(), isVisible: window?.isVisible() };
      }, null);
      const expected = graphicsWindowOptions(join(root, 'out/preload/graphics.cjs')).webPreferences;
      // Electron does not say which session it is.
      const { partition, ...preferences } = expected ?? {};
      expect(described).toMatchObject({ url: 'app://graphics/index.html', isVisible: false, preferences });
      expect(partition).not.toMatch(/^persist:/);
      const page = app.page
        .context()
        .pages()
        .find((each) => new URL(each.url()).host.startsWith('graphics'));
      if (page === undefined) throw new Error('The hidden window has no page.');
      // Nothing of Node, Electron or the workbench is there; WebGPU is.
      expect(
        await page.evaluate('typeof require + typeof process + typeof charloom + typeof navigator.gpu'),
      ).toBe('undefinedundefinedundefinedobject');
      expect(await page.evaluate(triesToReachOthers)).toEqual([
        'connect-src',
        'frame-src',
        'img-src',
        'style-src-elem',
      ]);
      const address = page.url();
      await page.evaluate("location.href = 'https://evil.example/'").catch(() => undefined);
      await page.evaluate("location.href = '/index.html?again'").catch(() => undefined);
      await page.evaluate("window.open('https://evil.example/')").catch(() => undefined);
      await expect.poll(windows).toBe(2);
      expect(page.url()).toBe(address);
      // It computes on.
      const { iteration } = await reached(run, 'running');
      await reached(run, 'running', iteration + 5);
      await ask(app, 'runs.suspend', { run });
      await reached(run, 'stopped');
    });

    test('a suspended and resumed run ends with the bytes of an undisturbed one', async () => {
      const run = await begin();
      await reached(run, 'running', 5);
      await ask(app, 'runs.suspend', { run });
      expect((await reached(run, 'stopped')).iteration).toBeLessThan(iterations);
      await ask(app, 'runs.resume', { run, changes: {}, text: null });
      const resumed = await reached(run, 'finished');
      expect(left(resumed)).toEqual(left(whole));
      expect(logOf(resumed)).not.toContain('the last digits may differ');
    });

    test('when the window crashes, the run resumes automatically in another, to the same bytes', async () => {
      const run = await begin();
      await reached(run, 'running', midway);
      await crashWindow();
      const finished = await reached(run, 'finished');
      expect(logOf(finished)).toMatch(/interrupted at iteration \d+: The window that uses/);
      expect(left(finished)).toEqual(left(whole));
      await expect.poll(windows).toBe(1);
    });

    test('when that happens twice within minutes, it says why, and resumes on the processor when asked to', async () => {
      const run = await begin({ evaluateEvery: 1000, maxIterations: 2000 });
      await reached(run, 'running', 2);
      await crashWindow();
      await reached(run, 'starting');
      await reached(run, 'running');
      await crashWindow();
      const interrupted = await reached(run, 'interrupted');
      expect(interrupted.reason).toBe(
        'The graphics card (WebGPU) was lost a second time within ten minutes: The window that uses the graphics card has closed. It can be resumed from its last save.',
      );
      await app.page.evaluate(`location.hash = '#/runs/${encodeURIComponent(run)}'`);
      await app.page.getByRole('button', { name: 'Resume on the processor' }).click();
      const finished = await reached(run, 'finished');
      expect(finished.backend).toBe('wasm');
    });

    test.skipIf(electronKind === 'electron')(
      "when Chromium's process of the card crashes, the run resumes automatically too",
      async () => {
        const run = await begin();
        await reached(run, 'running', midway);
        const session = await app.page.context().browser()?.newBrowserCDPSession();
        await session?.send('Browser.crashGpuProcess');
        const finished = await reached(run, 'finished');
        expect(logOf(finished)).toMatch(/interrupted at iteration \d+: The graphics card was lost/);
        expect(left(finished)).toEqual(left(whole));
      },
    );
  },
);

describe.skipIf(!hasChromium || electronKind === 'electron')('a computer without a card', () => {
  const cases = [
    ['nothing to compute on', [], /^WebGPU finds no usable graphics card\./],
    [
      'a program that plays a card',
      softwareCard.chromiumWords,
      /^WebGPU finds no graphics card, only a software renderer.*google swiftshader/,
    ],
  ] as const;
  test.each(cases)('%s: Settings says why, and nothing is offered', async (_title, chromiumWords, why) => {
    const app = await startElectronApp({ chromiumWords });
    try {
      const card = (await ask(app, 'engines.list', null)).find(({ id }) => id === 'webgpu');
      expect(card).toMatchObject({ state: 'broken', removable: false });
      expect(card?.problem).toMatch(why);
      await app.page.evaluate("location.hash = '#/settings'");
      await app.page
        .getByText(card?.problem ?? '')
        .first()
        .waitFor();
    } finally {
      await app.close();
    }
  });
});
