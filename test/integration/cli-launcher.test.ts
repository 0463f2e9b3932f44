import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { isNewEnough } from '../../bin/runtime.js';
import { root, startNode, type Running } from '../support/processes.ts';

const folder = mkdtempSync(join(tmpdir(), 'charloom-launcher-'));
const launch = pathToFileURL(join(root, 'bin/launch.js')).href;
const parent = join(folder, 'parent.mjs');
writeFileSync(parent, `import { launch } from '${launch}'; launch(process.execPath, process.argv.slice(2));`);

/** Starts a script under the launcher's `launch`, as an old Node would. */
function launchScript(code: string): Running {
  const script = join(folder, `script-${Math.random().toString(36).slice(2)}.mjs`);
  writeFileSync(script, code);
  return startNode([parent, script, 'a b', '--c']);
}

const reportSignals = `
  let count = 0;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGUSR2'])
    process.on(name, () => { console.log(name); if (++count === 3) process.exit(9); });
  setInterval(() => {}, 1000);
  console.log('ready');
`;

describe.skipIf(process.platform === 'win32')('the launcher behaves as the program it starts', () => {
  test('arguments, standard streams and exit code pass through', async () => {
    const running = launchScript(`
      process.stdin.on('data', (data) => { console.log(process.argv.slice(2).join('|') + data); process.exitCode = 7; });
      process.stdin.on('end', () => console.error('closed'));
    `);
    running.process.stdin?.end('hello');
    expect(await running.finished).toMatchObject({ code: 7, stdout: 'a b|--chello\n', stderr: 'closed\n' });
  });

  test('each signal arrives once', async () => {
    const running = launchScript(reportSignals);
    await running.line((line) => line === 'ready');
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGUSR2'] as const) {
      running.process.kill(signal);
      await running.line((line) => line === signal);
    }
    expect(await running.finished).toMatchObject({ code: 9, stdout: 'ready\nSIGINT\nSIGTERM\nSIGUSR2\n' });
  });

  test('a program ended by a signal ends the launcher by that signal', async () => {
    const running = launchScript(`process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1000);`);
    expect(await running.finished).toMatchObject({ code: null, signal: 'SIGKILL' });
  });

  test('a program without handlers ends on Ctrl-C, and so does the launcher', async () => {
    const running = launchScript(`setInterval(() => {}, 1000); console.log('ready');`);
    await running.line((line) => line === 'ready');
    running.process.kill('SIGINT');
    expect(await running.finished).toMatchObject({ code: null, signal: 'SIGINT' });
  });

  test('the program ends when its launcher is killed outright', async () => {
    const interrupts = pathToFileURL(join(root, 'src/node/interrupts.ts')).href;
    const running = launchScript(`
      import { endWithLauncher } from '${interrupts}';
      endWithLauncher();
      setInterval(() => {}, 1000);
      console.log('ready');
    `);
    await running.line((line) => line === 'ready');
    running.process.kill('SIGKILL');
    // The pipes close only when the program itself has ended too: otherwise this would wait for ever.
    expect(await running.finished).toMatchObject({ signal: 'SIGKILL' });
  });
});

test.each([
  ['18.20.0', false],
  ['20.20.2', false],
  ['22.17.9', false],
  ['22.18.0', true],
  ['24.21.0', true],
  ['30.0.0', true],
])('Node %s is new enough: %s', (version, enough) => expect(isNewEnough(version)).toBe(enough));

describe.skipIf(process.platform === 'win32')('a signal before the command is loaded', () => {
  const hold = pathToFileURL(join(root, 'bin/hold-signals.js')).href;
  const kill = `data:text/javascript,process.kill(process.pid,'SIGTERM')`;
  const cli = join(root, 'out/main/cli.js');
  const early = (words: readonly string[]): Running =>
    startNode(['--import', hold, '--import', kill, cli, ...words], { env: { CHARLOOM_HOME: folder } });

  test('stops a run before it starts, so that a job script can requeue it', async () => {
    const { code, signal, stderr } = await early(['train', '--requeue', '--json']).finished;
    expect({ code, signal, stderr }).toMatchObject({ code: 75, signal: null });
  });

  test('ends a command without anything to save', async () => {
    expect(await early(['runs']).finished).toMatchObject({ code: null, signal: 'SIGTERM', stdout: '' });
  });
});
