import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { splitAt } from '../../src/engine/dataset/batches.ts';
import { startSampling } from '../../src/engine/sampling/sampler.ts';
import { readCheckpointHeader } from '../../src/node/files/checkpoint-files.ts';
import { openModel, type OpenModel } from '../../src/node/session/open-model.ts';
import { loadWasmBackend } from '../../src/node/wasm/backend.ts';
import type { InspectionItem } from '../../src/shared/domain/inspection.ts';
import type { Unit } from '../../src/shared/domain/inspected-properties.ts';
import { defaultSampleSettings } from '../../src/shared/domain/sample-settings.ts';
import { planChunks } from '../../src/shared/planning/plan.ts';
import { InspectionStream, talkingRun, type TalkingRun } from '../support/inspection-stream.ts';
import { newFolders, openWorkbench, type WorkbenchPage } from '../support/workbench.ts';

type Ready = Extract<InspectionItem, { kind: 'ready' }>;

const folders = newFolders();
const unit: Unit = { state: 'h', layer: 1, unit: 3 };
const memory: Unit = { ...unit, state: 'c' };
const quotes = { kind: 'built-in', name: 'quotes' } as const;
let run: TalkingRun;
let name = '';
let checkpoint = '';
let page: WorkbenchPage;
let stream: InspectionStream;
let ready: Ready;

beforeAll(async () => {
  run = await talkingRun(folders);
  [name = ''] = readdirSync(folders.runs);
  page = await openWorkbench(folders);
  const checkpoints = await page.request('checkpoints.list', { run: name });
  checkpoint = join(run.checkpoints, checkpoints.find(({ best }) => best)?.file ?? '');
  const model = { kind: 'run', run: name, file: null } as const;
  stream = new InspectionStream(page.open('models.inspect', { model, text: { kind: 'learned' } }));
  ready = await stream.item('ready');
}, 120_000);
afterAll(() => page.workbench.dispose());

/** The text in a part of the first piece. */
function textOf(start: number, end: number): string[] {
  const first = ready.pieces[0]?.position ?? NaN;
  return Array.from(run.text).slice(first + start, first + end);
}

async function withModel<T>(work: (model: OpenModel) => T): Promise<T> {
  const backend = await loadWasmBackend({ threads: 1 });
  const result = work(await openModel(checkpoint, backend));
  backend.dispose();
  return result;
}

describe('looking inside a model', () => {
  test('its text is read in pieces: the held-out part, then as much of the training text', async () => {
    const { settings } = (await readCheckpointHeader(checkpoint)).metadata;
    const plan = planChunks({ ...settings, characters: Array.from(run.text).length, maxEpochs: 1 });
    expect(ready).toMatchObject({ remarks: [], textTitle: 'talk.txt' });
    expect(ready.checkpoints).toBe(readdirSync(run.checkpoints).length);
    expect(ready.pieces[0]?.learned).toBe(false);
    expect(ready.pieces.at(-1)).toMatchObject({ learned: true, end: ready.length });
    for (const { learned, start, end, position } of ready.pieces) {
      for (const place of [position, position + end - start - 1]) {
        expect(learned ? ['train'] : ['validation', 'test']).toContain(splitAt(plan, place));
      }
    }
    const first = stream.heard.items.find(({ kind }) => kind === 'progress');
    expect(first).toMatchObject({ doing: 'reading', request: null });
  });

  test('a window has the symbols, the activation, and where a property holds', async () => {
    const window = await stream.ask(
      { kind: 'window', unit, start: 10, count: 300, property: quotes },
      'window',
    );
    expect(window.texts.join('')).toBe(textOf(10, 310).join(''));
    expect(window.values).toHaveLength(300);
    expect(Math.max(...window.values.map(Math.abs))).toBeLessThanOrEqual(1);
    expect(new Set(window.labels)).toEqual(new Set([0, 1]));
    const { low, middle, high, mean } = window.scale;
    expect(low).toBeLessThan(middle);
    expect(middle).toBeLessThan(high);
    expect(mean).toBeGreaterThan(low);
    const end = { start: ready.length - 3, count: 50, property: null };
    const last = await stream.ask({ kind: 'window', unit, ...end }, 'window');
    expect(last).toMatchObject({ labels: null, values: { length: 3 } });
  });

  test('the expected next symbols are those that the model computes', async () => {
    const next = await stream.ask({ kind: 'next', position: 0, count: 5 }, 'next');
    expect(next.actual?.text).toBe(textOf(1, 2)[0]);
    const all = await stream.ask({ kind: 'next', position: 0, count: 50 }, 'next');
    expect(all.choices.slice(0, 5)).toEqual(next.choices);
    const probabilities = all.choices.map(({ probability }) => probability);
    expect(probabilities).toEqual(probabilities.toSorted((a, b) => b - a));
    expect(probabilities.reduce((sum, probability) => sum + probability, 0)).toBeCloseTo(1, 6);
    await withModel(({ network, vocabulary }) => {
      let logits: Float32Array = new Float32Array();
      for (const character of textOf(-400, 1)) {
        logits = network.sampleStep(vocabulary.codes.indexOf(character.codePointAt(0) ?? 0));
      }
      const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
      const [best] = next.choices;
      expect(Math.exp(logits[best?.index ?? 0] ?? 0) / total).toBeCloseTo(best?.probability ?? NaN, 4);
    });
  });

  test('what mattered, similar places and suggested places', async () => {
    const occlusion = await stream.ask({ kind: 'occlusion', position: 300, count: 60 }, 'occlusion');
    expect(occlusion.effects).toHaveLength(60);
    expect(occlusion.texts.join('')).toBe(textOf(241, 301).join(''));
    // The last character matters more than the one sixty before it.
    expect(occlusion.effects.at(-1)).toBeGreaterThan(occlusion.effects[0] ?? NaN);
    const like = await stream.ask({ kind: 'like', position: 300, count: 5 }, 'like');
    const similarities = like.places.map(({ similarity }) => similarity);
    expect(similarities).toHaveLength(5);
    expect(similarities).toEqual(similarities.toSorted((a, b) => b - a));
    expect(like.places.every(({ position }) => Math.abs(position - 300) >= 50)).toBe(true);
    expect(run.text).toContain(`${like.places[0]?.before}${like.places[0]?.after}`);
    const { positions } = await stream.ask({ kind: 'places', unit, property: quotes, count: 5 }, 'places');
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    for (const position of positions.filter((place) => place < 300)) {
      expect(textOf(position, position + 1)).toEqual(['"']);
    }
  });

  test('units are searched, one property after the other, with progress', async () => {
    const pair = { kind: 'pair', open: '(', close: ')' } as const;
    const capital = { kind: 'built-in', name: 'capital' } as const;
    const searched = await stream.ask({ kind: 'search', properties: [quotes, pair, capital] }, 'searched');
    const found = stream.answers('found').map(({ property }) => property);
    expect(found.map(({ name: what }) => what)).toEqual(['quotes', '( )', 'capital']);
    expect(found[2]).toMatchObject({ verdict: 'reacts', measure: 'auc' });
    expect(found[2]?.last?.one).toBeGreaterThan(0.99);
    expect(searched).toMatchObject({ symbols: ready.length, units: 96 });
    expect(stream.answers('progress').length).toBeGreaterThan(0);
  });

  test('a search that is stopped ends, and the next question is answered', async () => {
    const request = stream.begin({ kind: 'search', properties: [] });
    await stream.item('found', request);
    stream.heard.stream.send({ kind: 'stop', question: 'search' });
    await stream.ask({ kind: 'next', position: 5, count: 1 }, 'next');
    const count = stream.answers('found', request).length;
    await stream.ask({ kind: 'search', properties: [{ kind: 'built-in', name: 'digit' }] }, 'searched');
    expect(stream.answers('found', request)).toHaveLength(count);
    expect(stream.answers('searched', request)).toEqual([]);
  });

  test('how a unit grew: every kept checkpoint, the earliest first', async () => {
    const property = { kind: 'built-in', name: 'word-start' } as const;
    await stream.ask({ kind: 'growth', unit, property }, 'growth-ended');
    const grown = stream.answers('grown');
    expect(grown).toHaveLength(ready.checkpoints);
    const epochs = grown.map(({ epoch }) => epoch);
    expect(epochs).toEqual(epochs.toSorted((a, b) => a - b));
    const best = grown.find(({ file }) => checkpoint.endsWith(file));
    await stream.ask({ kind: 'search', properties: [property] }, 'searched');
    expect(best?.score).toBeLessThanOrEqual(1);
    expect(best?.score).toBeGreaterThan(0);
  });

  test('held units: beside them is what the model writes unchanged', async () => {
    const settings = { ...defaultSampleSettings, length: 300, seed: 7, primeText: 'The ' };
    const others = [4, 5, 6, 7, 8, 9, 10].map((number) => ({ unit: { ...memory, unit: number }, at: 4 }));
    const holds = [{ unit: memory, at: 'high' as const }, ...others];
    const written = await stream.ask({ kind: 'write', holds, settings }, 'written');
    const wrote = stream.answers('wrote');
    const text = (of: 'untouched' | 'held'): string =>
      wrote.flatMap(({ which, text: more }) => (which === of ? [more] : [])).join('');
    const expected = await withModel(({ network, vocabulary, separator }) =>
      Array.from(startSampling(network, vocabulary, settings, separator).symbols(), (one) => one.text).join(
        '',
      ),
    );
    expect(text('untouched')).toBe(expected);
    expect(text('held')).not.toBe(expected);
    const one = { start: 0, count: 1, property: null };
    const { scale } = await stream.ask({ kind: 'window', unit: memory, ...one }, 'window');
    expect(written.values).toEqual([scale.high, 4, 4, 4, 4, 4, 4, 4]);
    const lines = written.counted.find(({ name: what }) => what === 'line ends');
    expect(lines?.untouched).toBeCloseTo((1000 * (expected.split('\n').length - 1)) / 300, 6);
  });

  test('the cost of silencing by the next symbol, and how far back the model reads', async () => {
    const silenced = await stream.ask({ kind: 'silence', holds: [{ unit, at: 'mean' }] }, 'silenced');
    const times = silenced.symbols.reduce((sum, { count }) => sum + count, 0);
    const mean = silenced.symbols.reduce((sum, { count, held }) => sum + count * held, 0) / times;
    expect(mean).toBeCloseTo(silenced.held, 6);
    expect(silenced.held).not.toBe(silenced.untouched);
    const reach = await stream.ask({ kind: 'reach' }, 'reach');
    expect(reach.points.map(({ characters }) => characters)).toEqual([1, 2, 3, 5, 8, 12, 20, 40, 80, 160]);
    const losses = reach.points.map(({ loss }) => loss);
    expect(losses[0]).toBeGreaterThan(losses[4] ?? NaN);
    expect(losses.at(-1)).toBeCloseTo(reach.all, 1);
  });

  test('an impossible question gets an error, and the next question is answered', async () => {
    const wrong = { state: 'h', layer: 0, unit: 500 } as const;
    const one = { start: 0, count: 5, property: null };
    const problem = await stream.ask({ kind: 'window', unit: wrong, ...one }, 'problem');
    expect(problem.message).toContain('no unit 501 in layer 1');
    const beyond = await stream.ask({ kind: 'next', position: 99_999_999, count: 1 }, 'problem');
    expect(beyond.message).toContain('99999999');
    await stream.ask({ kind: 'next', position: 1, count: 1 }, 'next');
    expect(page.defects).toEqual([]);
  });
});
