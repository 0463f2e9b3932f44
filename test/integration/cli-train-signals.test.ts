import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { trainEvent } from '../../src/cli/json-output.ts';
import { charloom, startCharloom } from '../support/processes.ts';
import { events, only } from '../support/train-events.ts';
import { quickModel, temporaryFolder, wordyText, writeText } from '../support/texts.ts';

const folder = temporaryFolder('signals');
const novel = writeText(folder, 'My novel, 3rd.txt', wordyText(20_000));
const env = { CHARLOOM_HOME: join(folder, 'home') };

describe.skipIf(process.platform === 'win32')('signals to charloom train', () => {
  const endless = ['train', novel, ...quickModel, '--json', '--max-epochs', '100000'];

  test('Ctrl-C saves and ends cleanly, and the run resumes from there', async () => {
    const running = startCharloom([...endless, '--name', 'stopped'], { env });
    await running.line((line) => line.includes('"i":30,'));
    running.process.kill('SIGINT');
    const { code, stdout, stderr } = await running.finished;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const first = events(stdout);
    const [kept] = only(first, 'checkpoint');
    const done = only(first, 'done')[0];
    expect(kept).toMatchObject({ reason: 'stop', i: done?.i });
    expect(done).toMatchObject({ end: 'stopped', best: kept?.path });
    const end = (done?.i ?? 0) + 5;
    const resumed = await charloom(
      ['train', '--json', '--resume', 'stopped', '--max-iterations', String(end)],
      { env },
    );
    expect(resumed).toMatchObject({ code: 0, stderr: '' });
    const second = events(resumed.stdout);
    expect(second[0]).toMatchObject({ event: 'start', resumed: true, i: done?.i });
    expect(only(second, 'step').map(({ i }) => i)).toEqual([1, 2, 3, 4, 5].map((more) => end - 5 + more));
  });

  test('a second Ctrl-C ends immediately, and the run resumes from the first one', async () => {
    // A long last measurement: half of a large text by a large model.
    const large = writeText(folder, 'large.txt', wordyText(400_000));
    const size = '--rnn-size 256 --batch-size 5 --train-frac 0.5 --val-frac 0.5 --threads 1'.split(' ');
    const running = startCharloom(
      ['train', large, '--recipe', 'char-rnn', ...size, '--json', '--max-epochs', '1000', '--name', 'left'],
      { env },
    );
    await running.line((line) => line.includes('"i":3,'));
    running.process.kill('SIGINT');
    await running.line((line) => line.includes('Stopping'));
    // Signals that come closer together than this count as one press of the keys.
    await wait(400);
    running.process.kill('SIGINT');
    const { code, stdout } = await running.finished;
    expect(code).toBe(130);
    const all = events(stdout);
    expect(only(all, 'done')).toEqual([]);
    const reached = only(all, 'step').at(-1)?.i ?? 0;
    const end = String(reached + 1);
    const resumed = await charloom(
      ['train', '--json', '--resume', 'left', '--max-iterations', end, '--on-explosion', 'stop'],
      { env },
    );
    expect(resumed.code).toBe(0);
    const start = only(events(resumed.stdout), 'start')[0];
    expect(start?.i).toBe(reached);
  });

  test('SIGUSR2 keeps a checkpoint and the run continues', async () => {
    const running = startCharloom([...endless, '--name', 'asked'], { env });
    await running.line((line) => line.includes('"i":10,'));
    running.process.kill('SIGUSR2');
    const kept = trainEvent.parse(JSON.parse(await running.line((line) => line.includes('"checkpoint"'))));
    expect(kept).toMatchObject({ event: 'checkpoint', reason: 'request' });
    const after = `"i":${(kept.event === 'checkpoint' ? kept.i : 0) + 5},`;
    await running.line((line) => line.includes('"step"') && line.includes(after));
    running.process.kill('SIGTERM');
    expect(await running.finished).toMatchObject({ code: 0 });
  });

  test('a closed pipe saves the run', async () => {
    const running = startCharloom([...endless, '--name', 'unheard'], { env });
    await running.line((line) => line.includes('"i":10,'));
    running.process.stdout?.destroy();
    expect(await running.finished).toMatchObject({ code: 0, stderr: '' });
    const run = join(env.CHARLOOM_HOME, 'runs', 'unheard');
    expect(readdirSync(join(run, 'checkpoints'))).toHaveLength(1);
    expect(JSON.parse(readFileSync(join(run, 'run.json'), 'utf8'))).toMatchObject({ state: 'stopped' });
  });

  test('a second process on the same run is refused', async () => {
    const running = startCharloom([...endless, '--name', 'busy'], { env });
    await running.line((line) => line.includes('"i":1,'));
    const second = await charloom(['train', '--resume', 'busy'], { env });
    expect(second).toMatchObject({ code: 5, stdout: '' });
    expect(second.stderr).toMatch(/Process \d+ is using the run/);
    running.process.kill('SIGINT');
    expect(await running.finished).toMatchObject({ code: 0 });
  });
});
