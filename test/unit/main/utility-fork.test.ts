import { EventEmitter, once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { utilityFork } from '../../../src/main/services/utility-fork.ts';
import type { ComputeProcess, ProcessExit } from '../../../src/processes/process.ts';
import { DoubleUtilityProcesses } from '../../support/electron-double/utility-process.ts';
import { temporaryFolder } from '../../support/texts.ts';

/** Real processes, reported as Electron reports its own. */
function forkOf(script: string, launchTimeoutMs?: number) {
  const entry = join(temporaryFolder('utility'), 'entry.mjs');
  writeFileSync(entry, script);
  const app = new EventEmitter();
  const utilityProcess = new DoubleUtilityProcesses(app);
  const fork = utilityFork({
    utilityProcess: utilityProcess as never,
    app: app as never,
    entry,
    environment: process.env,
    openGraphics: () => {
      throw new Error('no process here computes on a card');
    },
    ...(launchTimeoutMs === undefined ? {} : { launchTimeoutMs }),
  });
  return { fork: () => fork({ name: 'charloom-test', environment: {} }), utilityProcess, app };
}

const forever = 'setInterval(() => undefined, 1000); process.parentPort.postMessage({ pid: process.pid });';

interface Ended extends ProcessExit {
  readonly stderr: string;
}

function endOf(process: ComputeProcess): Promise<Ended> {
  let stderr = '';
  process.onStderr((text) => (stderr += text));
  return new Promise((resolve) => process.onExit((exit) => resolve({ ...exit, stderr })));
}

function firstMessage(process: ComputeProcess): Promise<unknown> {
  return new Promise((resolve) => process.onMessage(resolve));
}

/** Windows has no signals: a process that is killed exits with code 1. */
const killed = process.platform === 'win32' ? { code: 1, reason: null } : { reason: 'killed' };

test.skipIf(process.platform === 'win32').each([
  ['SIGKILL', 'killed'],
  ['SIGABRT', 'crashed'],
] as const)('a process that %s ends is reported with the reason "%s"', async (signal, reason) => {
  const process = forkOf(`process.kill(process.pid, '${signal}'); ${forever}`).fork();
  expect(await endOf(process)).toMatchObject({ reason });
});

test.each([0, 3])('one that exits reports its code %i alone', async (code) => {
  const process = forkOf(`process.exit(${code})`).fork();
  expect(await endOf(process)).toEqual({ code, reason: null, stderr: '' });
});

test('its last output is complete, although the listeners of its stream end with it', async () => {
  // More than a pipe and a stream hold: much of it is read after the exit.
  const lines = Array.from({ length: 6000 }, (_, index) => `line ${index} of what it had to say`);
  const script = `
    import { writeSync } from 'node:fs';
    for (let i = 0; i < 6000; i++) writeSync(2, 'line ' + i + ' of what it had to say\\n');
    process.abort();
  `;
  const { stderr, reason } = await endOf(forkOf(script).fork());
  // Node adds where it was.
  expect(stderr.split('\n').filter((line) => line.startsWith('line '))).toEqual(lines);
  expect(reason).toBe(process.platform === 'win32' ? null : 'crashed');
});

test('an end is reported as soon as everything is known, without a wait', async () => {
  const { fork } = forkOf("process.parentPort.postMessage('done'); process.exit(0)");
  const waits: number[] = [];
  for (let turn = 0; turn < 3; turn++) {
    const process = fork();
    const gone = firstMessage(process).then(() => performance.now());
    await endOf(process);
    waits.push(performance.now() - (await gone));
  }
  // Waiting for an unreported end of the stream takes half a second each time.
  expect(Math.min(...waits)).toBeLessThan(450);
});

test('one cancelled before its launch ends as soon as it is launched', async () => {
  const process = forkOf(forever).fork();
  expect(process.pid).toBeUndefined();
  process.kill();
  expect(await endOf(process)).toMatchObject(killed);
  expect(process.pid).toBeUndefined();
});

test('a running one ends immediately', async () => {
  const process = forkOf(forever).fork();
  const { pid } = (await firstMessage(process)) as { readonly pid: number };
  expect(process.pid).toBe(pid);
  process.kill();
  expect(await endOf(process)).toMatchObject(killed);
  expect(() => globalThis.process.kill(pid, 0)).toThrow();
});

test('messages pass in both directions, and a late one has no effect', async () => {
  const script = `process.parentPort.on('message', ({ data }) => {
    process.parentPort.postMessage({ heard: data });
    if (data === 'end') process.exit(0);
  });`;
  const process = forkOf(script).fork();
  const heard: unknown[] = [];
  process.onMessage((message) => heard.push(message));
  process.post('one');
  process.post('end');
  const end = await endOf(process);
  expect([heard, end.code]).toEqual([[{ heard: 'one' }, { heard: 'end' }], 0]);
  expect(() => process.post('late')).not.toThrow();
  expect(await endOf(process)).toMatchObject({ code: 0 });
});

test('one that the system refuses to launch ends, with or without an event', async () => {
  const { fork, utilityProcess, app } = forkOf(forever, 40);
  for (const launch of ['refused', 'never'] as const) {
    utilityProcess.launch = launch;
    const gone = launch === 'refused' ? once(app, 'child-process-gone') : null;
    const exit = await endOf(fork());
    expect(exit).toEqual({ code: null, reason: 'launch-failed', stderr: '' });
    await gone;
  }
});
