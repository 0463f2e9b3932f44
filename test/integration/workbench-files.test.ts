import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openArchive } from '../../src/engine/documents/archive.ts';
import { defaultSampleSettings } from '../../src/shared/domain/sample-settings.ts';
import type { WorkbenchPage } from '../support/workbench.ts';
import { quick, RunsOfWorkbench, story } from '../support/workbench-runs.ts';

let runs: RunsOfWorkbench;
let page: WorkbenchPage;
/** A finished run. */
let run: string;
beforeAll(async () => {
  runs = await RunsOfWorkbench.open();
  page = runs.page;
  run = await runs.start();
  await runs.ended(run);
});
afterEach(() => expect(page.defects).toEqual([]));
afterAll(() => page.workbench.dispose());

describe('what a model is', () => {
  test('is read from the head of its file: the best of a run, one of its checkpoints, or an imported one', async () => {
    const list = await page.request('checkpoints.list', { run });
    const worst = list.toSorted((a, b) => (b.validationLoss ?? 0) - (a.validationLoss ?? 0))[0];
    const describe = (file: string | null) =>
      page.request('models.describe', { model: { kind: 'run', run, file } });
    const best = await describe(null);
    expect(best.validationLoss).toBe(list.find((checkpoint) => checkpoint.best)?.validationLoss);
    expect(best.vocabulary).toHaveLength(best.spec.vocabularySize);
    expect(best.vocabulary.toSorted()).toEqual([...best.vocabulary]);
    expect(await describe(worst?.file ?? '')).toEqual({
      ...best,
      epoch: worst?.epoch,
      validationLoss: worst?.validationLoss,
    });
    await expect(describe('nothing.safetensors')).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('an export', () => {
  test('is made, checked and fetched; it goes when its stream is closed', async () => {
    const heard = page.open('models.export', {
      model: { kind: 'run', run, file: null },
      choice: { format: 'onnx' },
    });
    const ready = await heard.item((item) => item.kind === 'ready');
    if (ready.kind !== 'ready') throw new Error('it is ready');
    expect(ready.checked.symbols).toBe(100);
    expect(ready.checked.largestDifference).toBeLessThan(1e-4);
    const { name, bytes, stream } = await page.workbench.openExport(ready.ticket);
    expect({ name, bytes }).toEqual({ name: ready.name, bytes: ready.bytes });
    const archive = await openArchive(await buffer(stream), name);
    expect(archive.names).toContain(`${name.replace('.zip', '')}/model.onnx`);
    await expect(page.workbench.openExport('another')).rejects.toMatchObject({ code: 'not-found' });
    heard.stream.close();
    await expect
      .poll(() => page.workbench.openExport(ready.ticket).catch(String))
      .toContain('no longer there');
  });

  test('of a missing checkpoint is refused', async () => {
    const model = { kind: 'run', run, file: 'nothing.safetensors' } as const;
    const heard = page.open('models.export', { model, choice: { format: 'onnx' } });
    await expect(heard.stream.ended).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('imported models', () => {
  test('an exported checkpoint can be imported and writes', async () => {
    const [best] = await page.request('checkpoints.list', { run });
    const { name, bytes, stream } = await page.workbench.openCheckpoint(run, best?.file ?? '', 'safetensors');
    const model = await page.workbench.receiveModel(name, stream);
    expect(model).toEqual({ kind: 'imported', file: name });
    expect(await page.request('models.list', null)).toMatchObject([
      { file: name, bytes, validationLoss: best?.validationLoss },
    ]);
    const heard = page.open('models.write', { model });
    heard.stream.send({ kind: 'write', settings: { ...defaultSampleSettings, length: 20 }, pace: 0 });
    await heard.item((item) => item.kind === 'ended');
    heard.stream.close();
    const { undo } = await page.request('models.remove', { file: name });
    expect(await page.request('models.list', null)).toEqual([]);
    await page.request('trash.undo', { undo });
    expect(await page.request('models.list', null)).toHaveLength(1);
  });

  test('imported at the same time under one name are all kept', async () => {
    const [best] = await page.request('checkpoints.list', { run });
    const before = (await page.request('models.list', null)).length;
    const importSame = async (): Promise<string> => {
      const { stream } = await page.workbench.openCheckpoint(run, best?.file ?? '', 'safetensors');
      return (await page.workbench.receiveModel('same.safetensors', stream)).file ?? '';
    };
    const files = await Promise.all(Array.from({ length: 12 }, importSame));
    expect(new Set(files).size).toBe(12);
    expect(await page.request('models.list', null)).toHaveLength(before + 12);
    for (const file of files) await page.request('models.remove', { file });
  });

  test.each([
    ['no checkpoint', (whole: Buffer) => Buffer.from(`${whole.length} bytes`)],
    ['cut off', (whole: Buffer) => whole.subarray(0, whole.length - 100)],
    ['with a flipped bit', (whole: Buffer) => whole.with(whole.length - 5, 1 ^ (whole.at(-5) ?? 0))],
  ])('a file that is %s is refused, and nothing of it stays', async (_, damage) => {
    const [best] = await page.request('checkpoints.list', { run });
    const whole = readFileSync(join(runs.folders.runs, run, 'checkpoints', best?.file ?? ''));
    const path = join(runs.folders.home, 'damaged.safetensors');
    writeFileSync(path, damage(whole));
    const before = readdirSync(join(runs.folders.home, 'models'));
    await expect(page.workbench.addModelFile(path)).rejects.toMatchObject({ code: 'bad-checkpoint' });
    expect(readdirSync(join(runs.folders.home, 'models'))).toEqual(before);
  });
});

describe('checkpoints', () => {
  test('stars and notes stay with them, even if many are set at the same time', async () => {
    const list = await page.request('checkpoints.list', { run });
    await Promise.all(
      list.map(({ file }, i) =>
        page.request('checkpoints.mark', { run, file, star: i < 3, note: `no ${i}` }),
      ),
    );
    const marked = await page.request('checkpoints.list', { run });
    expect(marked.map(({ note }) => note)).toEqual(list.map((__, i) => `no ${i}`));
    expect(marked.filter(({ star }) => star)).toHaveLength(3);
    await expect(
      page.request('checkpoints.mark', { run, file: 'nothing.safetensors', star: true, note: '' }),
    ).rejects.toMatchObject({ code: 'not-found' });
  });

  test('pruning keeps the best, the last and the starred, and shows first what it would do', async () => {
    const list = await page.request('checkpoints.list', { run });
    const preview = await page.request('checkpoints.prune', { run, keep: 1, dryRun: true });
    expect(await page.request('checkpoints.list', { run })).toEqual(list);
    const removal = await page.request('checkpoints.prune', { run, keep: 1, dryRun: false });
    expect([removal.files, removal.bytes]).toEqual([preview.files, preview.bytes]);
    const left = await page.request('checkpoints.list', { run });
    expect(left.map(({ file }) => file)).toEqual(
      list.filter(({ best, last, star }) => best || last || star).map(({ file }) => file),
    );
    await page.request('trash.undo', { undo: removal.undo });
    expect(await page.request('checkpoints.list', { run })).toHaveLength(list.length);
  });

  test('are pruned during a run if the setting asks for it, without effect on the training', async () => {
    await page.request('settings.change', { keepBest: 2 });
    const tidy = await runs.start({ name: 'tidy', learningRate: 0.02 });
    await runs.ended(tidy);
    await page.request('settings.change', { keepBest: 0 });
    const messy = await runs.start({ name: 'messy', learningRate: 0.02 });
    await runs.ended(messy);
    const all = await page.request('checkpoints.list', { run: messy });
    const kept = await page.request('checkpoints.list', { run: tidy });
    const losses = (list: typeof all) => list.map(({ validationLoss }) => validationLoss);
    expect(losses(kept)).toEqual(losses(all.filter(({ last }, rank) => last || rank < 2)));
  });
});

describe('statements about runs', () => {
  test('two that differ in one thing are compared in one sentence, with no warning', async () => {
    const wider = await runs.start({ name: 'wider', rnnSize: 24 });
    await runs.ended(wider);
    const { sentence, warnings, rows } = await page.request('runs.compare', { runs: [run, wider] });
    expect(sentence).toMatch(/“wider” differs from “weaver” only in .*\(24, not 16\)/);
    expect(warnings).toEqual([]);
    const differing = rows.filter(({ group, differs }) => group === 'settings' && differs);
    expect(differing.map(({ key, values }) => [key, values])).toEqual([['rnnSize', ['16', '24']]]);
    const best = rows.find(({ key }) => key === 'best');
    const losses = best?.values.map(Number) ?? [];
    // One is better if the common text can show it.
    expect(best?.better).toBe(
      sentence.includes('within chance') ? null : losses.indexOf(Math.min(...losses)),
    );
  });

  test('runs that cut the text differently are not to be compared by loss', async () => {
    const other = await runs.start({ name: 'otherwise', batchSize: 4 });
    await runs.ended(other);
    const { warnings, sentence } = await page.request('runs.compare', { runs: [run, other] });
    expect(warnings).toHaveLength(1);
    expect(sentence).not.toContain('loss');
  });

  test('a forecast is of the order of the run itself', async () => {
    const heard = page.open('runs.forecast', {
      settings: quick,
      characters: story.length,
      vocabularySize: new Set(story).size,
      backend: 'wasm',
      threads: 1,
    });
    const item = await heard.item((one) => one.kind === 'forecast');
    if (item.kind !== 'forecast') throw new Error('unreachable');
    const { forecast } = item;
    const [checkpoint] = await page.request('checkpoints.list', { run });
    expect(forecast.checkpoints).toBe(8);
    expect(forecast.checkpointBytes / (checkpoint?.bytes ?? 0)).toBeGreaterThan(0.3);
    expect(forecast.checkpointBytes / (checkpoint?.bytes ?? 0)).toBeLessThan(3);
    expect(forecast.duration).toBeGreaterThan(1);
    expect(forecast.duration).toBeLessThan(60_000);
    expect(forecast.freeDiskBytes).toBeGreaterThan(0);
    heard.stream.close();
  });

  test('a waiting run has no history, and none is read from elsewhere', async () => {
    const [, waiting] = await runs.queue({ name: 'one' }, { name: 'two' });
    const id = waiting?.id ?? '';
    const detail = await page.request('runs.get', { run: id });
    expect([detail.run.state, detail.log, detail.baselines]).toEqual(['waiting', [], null]);
    const watch = page.open('runs.watch', { run: id });
    await watch.item((item) => item.kind === 'live');
    // It starts under the name that it waited under.
    expect(await runs.started('two')).toBe(id);
    watch.stream.close();
    await runs.ended(id);
  });
});
