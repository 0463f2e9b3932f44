import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runSettings, type RunSettings } from '../../src/shared/domain/run-settings.ts';
import { hasChromium } from '../support/chromium.ts';
import { electronKind, startElectronApp, type ElectronApp } from '../support/electron-app.ts';
import { ask, runNamed, startRun, textAt } from '../support/electron-asks.ts';
import { countComputeProcesses, probe } from '../support/electron-processes.ts';
import { charloom, root } from '../support/processes.ts';
import { metricLines } from '../support/sessions.ts';
import { temporaryFolder, writeText } from '../support/texts.ts';
import { endless, quick, story } from '../support/workbench-runs.ts';

const folder = temporaryFolder('compute');
const path = writeText(folder, 'weaver.txt', story);
const probes = join(import.meta.dirname, 'probes');
const hundred: RunSettings = { ...quick, rnnSize: 64, maxIterations: 100, evaluateEvery: 50 };

/** Settings as the command line takes them. */
function wordsOf(settings: RunSettings): readonly string[] {
  const values: Readonly<Record<string, string | number | boolean>> = settings;
  return Object.entries(runSettings).flatMap(([key, { flag }]) => {
    const value = values[key];
    if (typeof value === 'boolean') return [value ? `--${flag}` : `--no-${flag}`];
    return [`--${flag}`, String(value)];
  });
}

/** Milliseconds of a run's steps together, as its own record has them. */
function milliseconds(run: string): number {
  const lines = readFileSync(join(run, 'metrics.jsonl'), 'utf8').trim().split('\n');
  return lines.reduce((sum, line) => sum + Number(Object(JSON.parse(line)).ms ?? 0), 0);
}

/** Checks 5 to 9: compute processes. */
describe.skipIf(!hasChromium && electronKind === 'double')(`compute processes (${electronKind})`, () => {
  let app: ElectronApp;
  beforeAll(async () => {
    app = await startElectronApp({ words: [path] });
    await app.evaluate(({ app: program }) => {
      const gone: string[] = [];
      Object.assign(globalThis, { gone });
      (program as NodeJS.EventEmitter).on(
        'child-process-gone',
        (_event: unknown, { name = '', reason }: { readonly name?: string; readonly reason: string }) =>
          gone.push(`${name}: ${reason}`),
      );
    }, null);
  });
  afterAll(() => app.close());

  /** Processes that trained and did not end normally with code 0. A reader that its page no longer wants is killed, rightly. */
  const uncleanEnds = (): Promise<readonly string[]> =>
    app.evaluate(() => {
      const { gone } = globalThis as unknown as { readonly gone: readonly string[] };
      return gone.filter((line) => line.startsWith('charloom-training-') && !line.endsWith(': clean-exit'));
    }, null);

  test.each([1, 8])(
    '5, 7: 100 steps with %i threads are those of Node.js, to the last bit',
    async (threads) => {
      const name = `threads ${threads}`;
      await startRun(app, await textAt(app, path), { ...hundred, name }, { threads });
      const run = await runNamed(app, name, 'finished');
      expect(run.iteration).toBe(100);
      const runs = join(folder, 'node');
      const words = ['--threads', String(threads), '--backend', 'wasm', '--out', runs];
      const node = await charloom(['train', path, ...wordsOf({ ...hundred, name }), ...words]);
      expect(node.code, node.stderr).toBe(0);
      expect(metricLines(run.path)).toEqual(metricLines(join(runs, name)));
      keepSpeed(threads, { electron: milliseconds(run.path), node: milliseconds(join(runs, name)) });
      // Its threads were alive when it ended.
      expect(await uncleanEnds()).toEqual([]);
      expect(app.errors()).not.toMatch(/illegal value for flag|unrecognized flag|bad option/);
    },
  );

  test('6: memory shared with threads grows to 3 GiB, and threads wait for each other', async () => {
    expect(await probe(app, join(probes, 'memory.mjs'))).toMatchObject({
      message: {
        bytes: 3 * 2 ** 30,
        found: 42,
        waited: expect.stringMatching(/^(ok|not-equal)$/) as unknown,
      },
      code: 0,
    });
  });

  test.skipIf(process.platform === 'win32')(
    '8: the last output and the reason of a crash are reported',
    async () => {
      const { errors, reason } = await probe(app, join(probes, 'abort.mjs'));
      expect(reason).toBe('crashed');
      expect(errors.match(/^line \d+ of the last words$/gm)).toHaveLength(100);
      await startRun(app, await textAt(app, path), {
        ...hundred,
        ...endless,
        maxIterations: 0,
        name: 'crashing',
      });
      const { path: run } = await runNamed(app, 'crashing', 'running');
      const { holder } = JSON.parse(readFileSync(join(run, 'run.lock'), 'utf8')) as {
        readonly holder: { readonly pid: number };
      };
      process.kill(holder.pid, 'SIGABRT');
      expect((await runNamed(app, 'crashing', 'interrupted')).reason).toContain('(crashed)');
    },
  );

  test('9: a process that is no longer needed ends, however early', async () => {
    const { id: run } = await runNamed(app, 'threads 1', 'finished');
    // A page keeps a process for its text until it is reloaded.
    await app.page.evaluate("location.hash = '#/settings'");
    await app.page.reload();
    await expect.poll(() => countComputeProcesses(app)).toBe(0);
    // Closed immediately, and closed after it was launched and is reading its model.
    for (const wait of [0, 30, 200]) {
      await app.page.evaluate(
        ([id, milliseconds]) =>
          new Promise<void>((resolve) => {
            const nonce = crypto.randomUUID();
            addEventListener('message', ({ data, ports: [port] }) => {
              if (Object(data).charloomPort !== nonce || port === undefined) return;
              const model = { kind: 'run', run: id, file: null };
              port.postMessage({ frame: 'open', id: 1, name: 'models.write', params: { model } });
              setTimeout(() => {
                port.postMessage({ frame: 'close', id: 1 });
                resolve();
              }, Number(milliseconds));
            });
            void (globalThis as unknown as { charloom: { connect(nonce: string): void } }).charloom.connect(
              nonce,
            );
          }),
        [run, wait] as const,
      );
    }
    // Pending starts are done by then: a separate process answers this.
    expect((await ask(app, 'engines.doctor', null)).report).toContain('Embedded');
    await expect.poll(() => countComputeProcesses(app)).toBe(0);
  });
});

/** For the record only: a shared machine is no place to assert a speed. */
function keepSpeed(threads: number, speed: Readonly<Record<'electron' | 'node', number>>): void {
  const place = join(root, 'test/output/electron');
  mkdirSync(place, { recursive: true });
  const record = { kind: electronKind, threads, milliseconds: speed };
  writeFileSync(join(place, `speed-${threads}-threads.json`), `${JSON.stringify(record)}\n`);
}
