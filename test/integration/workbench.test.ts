import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { defaultSampleSettings, drawSettingsOf } from '../../src/shared/domain/sample-settings.ts';
import type { WorkbenchPage } from '../support/workbench.ts';
import { endless, RunsOfWorkbench, story } from '../support/workbench-runs.ts';

/** Long enough to be killed in the middle. */
const longer = { rnnSize: 96, maxEpochs: 6 } as const;

let runs: RunsOfWorkbench;
let page: WorkbenchPage;
beforeAll(async () => {
  runs = await RunsOfWorkbench.open();
  page = runs.page;
});
afterEach(() => expect(page.defects).toEqual([]));
afterAll(() => page.workbench.dispose());

describe('a text', () => {
  test('is read once, and then answers', async () => {
    const cut = { batchSize: 8, sequenceLength: 25, trainFraction: 0.8, validationFraction: 0.2 };
    const reading = { encoding: null, symbols: 'characters', lineEnds: 'keep' } as const;
    const heard = page.open('texts.inspect', { text: runs.text, reading, cut });
    const report = await heard.item((item) => item.kind === 'report');
    expect(report).toMatchObject({ report: { characters: story.length, encoding: { encoding: 'utf-8' } } });
    heard.stream.send({ kind: 'excerpt', start: 3, count: 9 });
    const excerpt = await heard.item((item) => item.kind === 'excerpt');
    expect(excerpt).toMatchObject({
      codes: Array.from(story.slice(3, 12), (symbol) => symbol.codePointAt(0)),
    });
    heard.stream.send({ kind: 'find', search: 'year 1500' });
    const found = await heard.item((item) => item.kind === 'found');
    expect(found).toMatchObject({ total: story.split('year 1500').length - 1 });
    const baselines = await heard.item((item) => item.kind === 'baselines');
    expect(baselines).toMatchObject({ cut });
    heard.stream.close();
  });
});

describe('a run', () => {
  test('goes from the queue to its last checkpoint, and every live report is repeated from its files', async () => {
    const id = await runs.start();
    const live = page.open('runs.watch', { run: id });
    const run = await runs.ended(id);
    expect(run).toMatchObject({ state: 'finished', iteration: run.iterations, checkpoints: 8 });
    const again = page.open('runs.watch', { run: id });
    await again.item((item) => item.kind === 'live');
    const losses = (heard: typeof live): unknown =>
      heard.items.flatMap((item) =>
        item.kind === 'steps' ? item.steps.iteration.map((i, at) => [i, item.steps.loss[at]]) : [],
      );
    expect(losses(live)).toEqual(losses(again));
    for (const kind of ['evaluation', 'checkpoint', 'sample'] as const) {
      const told = (heard: typeof live) => heard.items.filter((item) => item.kind === kind);
      expect(told(again)).toHaveLength(8);
      // Which is the best is another question at the end than it was on the way.
      const without = (items: readonly object[]) => items.map((item) => ({ ...item, best: null }));
      expect(without(told(live))).toEqual(without(told(again)));
    }
    const log = (heard: typeof live) =>
      heard.items.flatMap((item) => (item.kind === 'log' ? [item.line] : []));
    await live.item((item) => item.kind === 'log' && item.line.includes('finished'));
    expect(log(again)).toHaveLength(10);
    expect(log(live)).toEqual(log(again));
    const detail = await page.request('runs.get', { run: id });
    expect(detail.text).toBe(runs.text);
    expect(detail.baselines?.uniform).toBeGreaterThan(2);
    expect(detail.log.at(-1)).toContain('finished');
    for (const heard of [live, again]) heard.stream.close();
  });

  test('pauses, continues, keeps a checkpoint on request, and stops', async () => {
    const id = await runs.start({ ...endless, name: 'patient' });
    const heard = page.open('runs.watch', { run: id });
    const reached = (state: string, from = 0) =>
      heard.item((item) => item.kind === 'state' && item.run.state === state, from);
    await heard.item((item) => item.kind === 'steps');
    await page.request('runs.pause', { run: id });
    await reached('paused');
    const paused = (await page.request('runs.get', { run: id })).run.iteration;
    await page.request('runs.checkpoint', { run: id });
    expect(await heard.item((item) => item.kind === 'checkpoint')).toMatchObject({ iteration: paused });
    await page.request('runs.continue', { run: id });
    await heard.item((item) => item.kind === 'steps', heard.items.length);
    await page.request('runs.stop', { run: id });
    await reached('stopped', heard.items.length);
    heard.stream.close();
    expect(await page.request('checkpoints.list', { run: id })).toHaveLength(2);
  });

  test('whose process is killed is interrupted, and resumes exactly', async () => {
    const whole = await runs.ended(await runs.start({ ...longer, name: 'whole' }));
    const id = await runs.start({ ...longer, name: 'killed' });
    const heard = page.open('runs.watch', { run: id });
    await heard.item((item) => item.kind === 'checkpoint');
    const lock = JSON.parse(readFileSync(join(runs.folders.runs, id, 'run.lock'), 'utf8')) as {
      holder: { pid: number };
    };
    process.kill(lock.holder.pid, 'SIGKILL');
    expect(await runs.ended(id)).toMatchObject({
      state: 'interrupted',
      reason: expect.stringContaining(process.platform === 'win32' ? 'code 1' : 'SIGKILL') as unknown,
    });
    await page.request('runs.resume', { run: id, changes: {}, text: null });
    await heard.item((item) => item.kind === 'state' && item.run.state === 'finished', heard.items.length);
    heard.stream.close();
    const best = (await page.request('checkpoints.list', { run: id })).map(
      ({ validationLoss }) => validationLoss,
    );
    const uninterrupted = await page.request('checkpoints.list', { run: whole.id });
    expect(best).toEqual(uninterrupted.map(({ validationLoss }) => validationLoss));
  });

  test('can be removed and restored, but not while it trains; its best checkpoint only by name', async () => {
    const id = await runs.start({ name: 'gone' });
    await runs.ended(id);
    const [best, ...others] = await page.request('checkpoints.list', { run: id });
    const files = [best, ...others].map((checkpoint) => checkpoint?.file ?? '');
    // Named twice is meant once.
    const twice = [...files, ...files];
    const removal = await page.request('checkpoints.remove', { run: id, files: twice, evenBest: null });
    expect(removal.files).toHaveLength(files.length - 1);
    expect(removal.kept.map(({ file }) => file)).toEqual([best?.file]);
    await page.request('trash.undo', { undo: removal.undo });
    expect(await page.request('checkpoints.list', { run: id })).toHaveLength(files.length);
    const gone = await page.request('runs.remove', { runs: [id] });
    expect((await page.request('runs.list', null)).map((run) => run.id)).not.toContain(id);
    await page.request('trash.undo', { undo: gone.undo });
    expect((await page.request('runs.list', null)).map((run) => run.id)).toContain(id);
  });
});

describe('writing', () => {
  test('streams, follows a new temperature, shows alternatives, and continues from a chosen one', async () => {
    const [run] = (await page.request('runs.list', null)).filter(({ best }) => best !== null);
    const heard = page.open('models.write', { model: { kind: 'run', run: run?.id ?? '', file: null } });
    const settings = { ...defaultSampleSettings, primeText: 'In year ', length: 300 };
    // Does not wait for the model to load: requests are served as soon as it has.
    heard.stream.send({ kind: 'write', settings, pace: 0 });
    await heard.item((item) => item.kind === 'ended');
    const first = writtenBy(heard.items);
    expect(first).toHaveLength(300);
    heard.stream.send({ kind: 'alternatives', position: 10 });
    const alternatives = await heard.item((item) => item.kind === 'alternatives');
    if (alternatives.kind !== 'alternatives') throw new Error('unreachable');
    const other = alternatives.choices.find(({ text: one }) => one !== first[10]);
    const from = heard.items.length;
    heard.stream.send({ kind: 'take', position: 10, index: other?.index ?? 0, length: 100 });
    await heard.item((item) => item.kind === 'ended', from);
    const second = writtenBy(heard.items);
    expect(second).toHaveLength(111);
    expect(second.slice(0, 10)).toBe(first.slice(0, 10));
    expect(second[10]).toBe(other?.text);
    heard.stream.send({ kind: 'check', text: 'naïve “year”' });
    const checked = await heard.item((item) => item.kind === 'checked');
    expect(checked).toMatchObject({
      unknown: [{ character: 'ï', replacement: 'I' }, { character: '“' }, { character: '”' }],
    });
    heard.stream.close();
  });
});

describe('a temperature that changes while text streams', () => {
  test('applies from the next symbol on: greedy takes the likeliest each time', async () => {
    const [run] = (await page.request('runs.list', null)).filter(({ best }) => best !== null);
    const heard = page.open('models.write', { model: { kind: 'run', run: run?.id ?? '', file: null } });
    const settings = { ...defaultSampleSettings, primeText: 'In year ', temperature: 100, length: 1_000_000 };
    heard.stream.send({ kind: 'write', settings, pace: 500 });
    await heard.item((item) => item.kind === 'symbols' && item.position > 50);
    const adjustment = drawSettingsOf({ ...defaultSampleSettings, greedy: true });
    heard.stream.send({ kind: 'adjust', adjustment });
    const now = heard.items.length;
    await heard.item((item) => item.kind === 'symbols' && item.position > 200, now);
    heard.stream.send({ kind: 'stop' });
    const end = await heard.item((item) => item.kind === 'ended');
    expect(end).toMatchObject({ reason: 'stopped' });
    const text = writtenBy(heard.items);
    expect(text.length).toBeLessThan(100_000);
    const likeliest: boolean[] = [];
    for (const position of [20, 21, 22, 23, 24, text.length - 3, text.length - 2, text.length - 1]) {
      const from = heard.items.length;
      heard.stream.send({ kind: 'alternatives', position });
      const shown = await heard.item((item) => item.kind === 'alternatives', from);
      if (shown.kind === 'alternatives') likeliest.push(shown.choices[0]?.text === text[position]);
    }
    // At a temperature of 100 nearly every symbol is as likely as another; then only one will do.
    expect(likeliest.slice(0, 5)).toContain(false);
    expect(likeliest.slice(5)).toEqual([true, true, true]);
    heard.stream.close();
  });

  test('a question about an unwritten place is ignored', async () => {
    const [run] = (await page.request('runs.list', null)).filter(({ best }) => best !== null);
    const heard = page.open('models.write', { model: { kind: 'run', run: run?.id ?? '', file: null } });
    heard.stream.send({ kind: 'alternatives', position: 0 });
    heard.stream.send({ kind: 'take', position: 0, index: 0, length: 1 });
    heard.stream.send({ kind: 'write', settings: { ...defaultSampleSettings, length: 5 }, pace: 0 });
    heard.stream.send({ kind: 'alternatives', position: 1000 });
    heard.stream.send({ kind: 'take', position: 1000, index: 0, length: 1 });
    await heard.item((item) => item.kind === 'ended');
    expect(writtenBy(heard.items)).toHaveLength(5);
    heard.stream.close();
  });
});

/** The text on the page after all of these. */
function writtenBy(items: readonly { readonly kind: string }[]): string {
  const texts: string[] = [];
  for (const item of items as readonly { kind: string; position?: number; texts?: readonly string[] }[]) {
    if (item.kind === 'begun') texts.length = 0;
    if (item.kind === 'symbols') texts.splice(item.position ?? 0, Infinity, ...(item.texts ?? []));
  }
  return texts.join('');
}
