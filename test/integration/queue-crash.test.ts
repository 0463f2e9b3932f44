import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Run } from '../../src/shared/domain/run.ts';
import type { RunState } from '../../src/shared/domain/run-state.ts';
import { Served } from '../support/served.ts';
import { temporaryFolder } from '../support/texts.ts';
import { endless, quick, story } from '../support/workbench-runs.ts';

let home: string;
let runsFolder: string;
let served: Served;

const serve = (): Promise<Served> => Served.start(['--out', runsFolder], { env: { CHARLOOM_HOME: home } });

/** Like a power cut: nothing is asked, nothing is saved. */
async function kill(): Promise<void> {
  served.running.process.kill('SIGKILL');
  await served.running.finished;
}

beforeEach(async () => {
  home = temporaryFolder('queue-crash');
  runsFolder = join(home, 'runs');
  served = await serve();
});
afterEach(async () => {
  await kill();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

async function queue(
  text: string,
  ...settings: readonly Partial<typeof quick>[]
): Promise<readonly string[]> {
  const common = { text, encoding: null, backend: 'wasm' as const, threads: 1, initializeFrom: null };
  const requests = settings.map((one) => ({ ...common, settings: { ...quick, ...one } }));
  return (await served.request('runs.start', { requests })).map(({ id }) => id);
}

/** The run as soon as it is in one of these states. */
async function reached(run: string, ...states: readonly RunState[]): Promise<Run> {
  const { heard, socket } = await served.open('runs.watch', { run });
  const item = await heard.item((one) => one.kind === 'state' && states.includes(one.run.state));
  socket.close();
  if (item.kind !== 'state') throw new Error('unreachable');
  return item.run;
}

const recorded = (run: string): unknown =>
  JSON.parse(readFileSync(join(runsFolder, run, 'run.json'), 'utf8'));

describe('a program that is killed between queueing and starting', () => {
  test('loses no run: each has its id and place, and starts', async () => {
    const { id: text } = await served.upload('weaver.txt', story);
    const [long = '', first = '', second = ''] = await queue(
      text,
      { ...endless, name: 'long' },
      { name: 'first', rnnSize: 24 },
      { name: 'second' },
    );
    await served.request('runs.reorder', { run: second, place: 0 });
    await reached(long, 'running');
    expect([recorded(first), recorded(second)]).toMatchObject([
      { state: 'waiting', settings: { rnnSize: 24 }, plan: { text: { title: 'weaver.txt' } } },
      { state: 'waiting' },
    ]);
    // Waiting takes no lock.
    expect(readdirSync(join(runsFolder, first))).toEqual(['run.json']);
    await kill();
    served = await serve();
    const earlier = await reached(second, 'finished');
    const later = await reached(first, 'finished');
    expect([earlier, later]).toMatchObject([
      { name: 'second' },
      { name: 'first', settings: { rnnSize: 24 } },
    ]);
    expect(Date.parse(earlier.created)).toBeLessThan(Date.parse(later.created));
    expect(readdirSync(runsFolder).toSorted()).toEqual(['first', 'long', 'second']);
    expect(['stopped', 'interrupted']).toContain((await served.request('runs.get', { run: long })).run.state);
  });

  test('loses nothing while a text is read, or where the order was not written', async () => {
    // Reading it takes long enough to be killed in the middle.
    const { id: text } = await served.upload('long.txt', story.repeat(600));
    const [reading = '', waiting = ''] = await queue(
      text,
      { ...endless, name: 'reading' },
      { ...endless, name: 'waiting' },
    );
    await reached(reading, 'starting');
    await kill();
    expect([recorded(reading), recorded(waiting)]).toMatchObject([
      { state: 'waiting' },
      { state: 'waiting' },
    ]);
    // As if it had been killed after the folders were made and before the order was.
    rmSync(join(home, 'queue.json'));
    served = await serve();
    await reached(reading, 'running');
    expect((await served.request('runs.list', null)).map(({ id, state }) => [id, state])).toEqual([
      [waiting, 'waiting'],
      [reading, 'running'],
    ]);
  });

  test('an order of format 1 is converted: its runs get folders and start', async () => {
    await kill();
    const textPath = join(home, 'weaver.txt');
    writeFileSync(textPath, story);
    const described = (name: string): object => ({
      ...{ kind: 'start', id: `queued-0000000${name}`, created: '2026-01-02T03:04:05.000Z' },
      ...{ textPath, textTitle: 'weaver.txt', encoding: null, settings: { ...quick, name }, initFrom: null },
      ...{ backend: 'wasm', threads: 1 },
    });
    const waiting = [described('b'), described('a')];
    writeFileSync(join(home, 'queue.json'), JSON.stringify({ formatVersion: 1, waiting }));
    served = await serve();
    const b = await reached('b', 'finished');
    const a = await reached('a', 'finished');
    expect(Date.parse(b.created)).toBeLessThan(Date.parse(a.created));
    expect(readdirSync(runsFolder).toSorted()).toEqual(['a', 'b']);
  });
});
