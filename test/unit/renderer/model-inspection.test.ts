import { describe, expect, it } from 'vitest';
import type { FoundProperty, Unit } from '../../../src/shared/domain/inspected-properties.ts';
import { maxWindow } from '../../../src/shared/domain/inspection.ts';
import { defaultSampleSettings } from '../../../src/shared/domain/sample-settings.ts';
import { ModelInspection } from '../../../src/renderer/stores/inside/model-inspection.svelte.ts';
import { Inside } from '../../../src/renderer/stores/inside/inside.svelte.ts';
import { readBlocks } from '../../../src/renderer/stores/inside/read-pages.ts';
import { Inspected, scale } from '../../support/inspected-model.ts';
import { textOf } from '../../../src/renderer/stores/writing/written-text.ts';

function opened(text: string): { readonly inspected: Inspected; readonly inspection: ModelInspection } {
  const inspected = new Inspected(text);
  const inspection = new ModelInspection(
    inspected.bridge,
    { kind: 'run', run: 'a', file: null },
    { kind: 'learned' },
  );
  inspection.open();
  inspected.ready();
  return { inspected, inspection };
}

const text = Array.from({ length: 3 * maxWindow + 17 }, (_, at) =>
  at % 70 === 69 ? '\n' : 'abcde'[at % 5],
).join('');
const first: Unit = { state: 'c', layer: 0, unit: 3 };
const second: Unit = { state: 'c', layer: 1, unit: 4 };

describe('the reading of a text', () => {
  it('can be cancelled, and is then repeated only when that is asked for', () => {
    const inspected = new Inspected(text);
    const inside = new Inside(inspected.bridge);
    inside.lookAt({ kind: 'run', run: 'a', file: null }, { kind: 'learned' });
    inside.open();
    inspected.push({ kind: 'progress', request: null, doing: 'reading', fraction: 0.25 });
    expect(inside.inspection?.readWork).toMatchObject({ isRunning: true, fraction: 0.25 });
    inside.inspection?.cancelReading();
    expect([inspected.closed, inside.inspection?.status]).toEqual([1, 'cancelled']);
    // The page is left and opened again.
    inside.rest();
    inside.open();
    expect([inspected.opened, inside.inspection?.status]).toEqual([1, 'cancelled']);
    inside.inspection?.open();
    inspected.ready();
    expect([inspected.opened, inside.inspection?.status]).toEqual([2, 'ready']);
  });
});

describe('a text that a model has read', () => {
  it('arrives window by window, complete and in order, and is drawn in pages within their piece', () => {
    const { inspected, inspection } = opened(text);
    inspection.reading.show(first, null, 0);
    for (let window = 0; window < 4; window++) {
      expect(inspection.reading.activation?.isWhole ?? false).toBe(false);
      inspected.answer();
    }
    const { text: read, activation } = inspection.reading;
    expect(textOf(read)).toBe(text);
    expect(activation?.isWhole).toBe(true);
    expect([...(activation?.values ?? [])]).toEqual([...text].map((_, at) => Inspected.value(first, at)));
    const pieces = inspection.model?.pieces ?? [];
    for (const { start, texts } of read.pages) {
      const piece = pieces.find((each) => each.start <= start && start < each.end);
      expect(start + texts.length).toBeLessThanOrEqual(piece?.end ?? 0);
    }
    expect(
      readBlocks(read, pieces)
        .filter(({ begins }) => begins !== null)
        .map(({ begins }) => begins),
    ).toEqual(pieces);
  });

  it('is requested for another unit at the cursor, and a late answer is ignored', () => {
    const { inspected, inspection } = opened(text);
    inspection.reading.show(first, null, 0);
    for (let window = 0; window < 4; window++) inspected.answer();
    inspection.reading.show(first, { kind: 'built-in', name: 'quotes' }, 0);
    const late = inspected.last('window');
    inspection.reading.show(second, null, 2 * maxWindow + 5);
    expect(inspected.last('window')).toMatchObject({ unit: second, start: 2 * maxWindow });
    inspected.push({
      kind: 'window',
      request: late.request,
      start: 0,
      texts: ['x'],
      values: [99],
      labels: null,
      scale,
    });
    expect(inspection.reading.activation?.unit).toEqual(first);
    for (let window = 0; window < 4; window++) inspected.answer();
    expect(inspection.reading.activation).toMatchObject({ unit: second, isWhole: true });
    expect(inspection.reading.activation?.values[7]).toBe(Inspected.value(second, 7));
    expect(textOf(inspection.reading.text)).toBe(text);
  });

  it('requests the distribution of a unit beside the text', () => {
    const { inspected, inspection } = opened('abc');
    inspection.reading.show(first, null, 0);
    const window = inspected.last('window');
    inspection.scales.ask(second);
    inspected.answer();
    expect(inspection.scales.of(second)).toEqual(scale);
    expect(inspection.reading.activation).toBeNull();
    inspected.push({
      kind: 'window',
      request: window.request,
      start: 0,
      texts: ['a', 'b', 'c'],
      values: [1, 2, 3],
      labels: null,
      scale,
    });
    expect(inspection.reading.activation?.isWhole).toBe(true);
  });
});

describe('questions to a model', () => {
  it('follow a fast cursor, and end at its position', () => {
    const { inspected, inspection } = opened(text);
    for (let position = 0; position < 50; position++) inspection.lookAt(position);
    const asked = (): number[] =>
      inspected.asked.filter((message) => message.kind === 'next').map(({ position }) => position);
    expect(asked()).toEqual([0]);
    const { request } = inspected.last('next');
    inspected.push({ kind: 'next', request, position: 0, choices: [], actual: null });
    expect(asked()).toEqual([0, 49]);
    inspected.push({ kind: 'problem', request: inspected.last('next').request, message: 'No.', fix: null });
    inspection.lookAt(50);
    expect(asked()).toEqual([0, 49, 50]);
  });

  const found = (name: string): FoundProperty => ({
    property: { kind: 'word', word: name },
    name,
    title: name,
    measure: 'auc',
    verdict: 'nothing',
    sentence: '',
    unit: first,
    isPositive: true,
    score: 0.5,
    chosenScore: 0.5,
    chance: 0.6,
    last: { one: 0.5, three: 0.5, six: 0.5 },
    positives: 100,
    symbols: 1000,
    others: [],
  });

  it('collect findings, one line for each property, until they end or are cancelled', () => {
    const { inspected, inspection } = opened(text);
    inspection.search([]);
    const { request } = inspected.last('search');
    inspected.push({ kind: 'progress', request, doing: 'searching', fraction: 0.4 });
    expect(inspection.work.search).toEqual({ isRunning: true, left: null, fraction: 0.4, problem: null });
    inspected.push({ kind: 'found', request, property: found('a') });
    inspected.push({ kind: 'found', request, property: found('b') });
    inspected.push({ kind: 'searched', request, symbols: 10, units: 32, milliseconds: 5 });
    expect(inspection.work.search.isRunning).toBe(false);
    inspection.search([{ kind: 'word', word: 'a' }]);
    inspected.push({ kind: 'found', request: inspected.last('search').request, property: found('a') });
    expect(inspection.found.map(({ name }) => name)).toEqual(['b', 'a']);
    inspection.cancel('search');
    expect(inspected.last('stop').question).toBe('search');
    expect(inspection.work.search.isRunning).toBe(false);
    inspected.push({ kind: 'found', request: inspected.last('search').request, property: found('c') });
    expect(inspection.found.map(({ name }) => name)).toEqual(['b', 'a']);
  });

  it('put two texts together, and forget those of an earlier question', () => {
    const { inspected, inspection } = opened(text);
    const holds = [{ unit: first, at: 'high' as const }];
    inspection.turn(holds, defaultSampleSettings);
    const earlier = inspected.last('write').request;
    inspection.turn(holds, defaultSampleSettings);
    const { request } = inspected.last('write');
    inspected.push({ kind: 'wrote', request: earlier, which: 'held', text: 'old' });
    inspected.push({ kind: 'wrote', request, which: 'held', text: 'new ' });
    inspected.push({ kind: 'wrote', request, which: 'untouched', text: 'plain' });
    inspected.push({ kind: 'wrote', request, which: 'held', text: 'text' });
    expect(inspection.turned).toMatchObject({ held: 'new text', untouched: 'plain', end: null });
    inspected.push({ kind: 'problem', request, message: 'It cannot be held.', fix: null });
    expect(inspection.work.write).toMatchObject({
      isRunning: false,
      problem: { message: 'It cannot be held.' },
    });
  });

  it('keep findings while the model is closed, and read the text again afterwards', () => {
    const { inspected, inspection } = opened('abc');
    inspection.search([]);
    inspected.push({ kind: 'found', request: inspected.last('search').request, property: found('a') });
    inspection.rest();
    expect([inspected.closed, inspection.status, inspection.work.search.isRunning]).toEqual([
      1,
      'resting',
      false,
    ]);
    inspection.open();
    inspection.open();
    expect(inspected.opened).toBe(2);
    inspected.ready();
    expect(inspection.status).toBe('ready');
    expect(inspection.found).toHaveLength(1);
    expect(inspection.reading.text.length).toBe(0);
  });

  it('report errors, and open again', async () => {
    const { inspected, inspection } = opened('abc');
    inspected.fail(new Error('gone'));
    await expect.poll(() => inspection.status).toBe('failed');
    inspection.open();
    inspected.ready();
    expect([inspection.status, inspection.problem]).toEqual(['ready', null]);
  });
});
