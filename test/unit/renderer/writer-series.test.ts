import { beforeEach, describe, expect, it } from 'vitest';
import { defaultSampleSettings } from '../../../src/shared/domain/sample-settings.ts';
import { textOf } from '../../../src/renderer/stores/writing/written-text.ts';
import { Writer } from '../../../src/renderer/stores/writing/writer.svelte.ts';
import { continued, WritingModel } from '../../support/writing-model.ts';

const settings = { ...defaultSampleSettings, primeText: 'head', length: 12 };

let model: WritingModel;
let writer: Writer;

beforeEach(() => {
  model = new WritingModel();
  writer = new Writer(model.bridge, () => undefined);
  writer.open({ kind: 'run', run: 'a', file: null });
  model.begin();
});

function shown(): string {
  return writer.primeText + textOf(writer.written);
}

describe('a writer of several texts', () => {
  it('writes several texts one after the other, each with the next seed, as versions that belong together', () => {
    writer.write({ ...settings, seed: 4_294_967_294, count: 3 }, 0);
    const sent = model.messages.flatMap((message) =>
      message.kind === 'write' ? [message.settings.seed] : [],
    );
    expect(sent).toEqual([4_294_967_294, 4_294_967_295, 0]);
    expect(writer.status).toBe('idle');
    expect(writer.version).toEqual({ at: 2, count: 3 });
    expect(writer.series.map(({ version }) => version.settings?.seed)).toEqual(sent);
    for (const { at } of writer.series) {
      writer.showVersion(at);
      expect(shown()).toBe(continued('head', 12));
      expect(writer.settings?.seed).toBe(sent[at]);
    }
    // One of them, changed, becomes a single text; the others stay together.
    writer.look(4);
    writer.take(4, 0, 3);
    expect(writer.series).toEqual([]);
    writer.showVersion(1);
    expect(writer.series.map(({ at }) => at)).toEqual([0, 1, 2]);
    writer.write(settings, 0);
    expect(writer.series).toEqual([]);
  });

  it('keeps a whole series, however many there are, and older versions beside it', () => {
    for (let i = 0; i < 40; i++) writer.write(settings, 0);
    writer.write({ ...settings, count: 50 }, 0);
    expect(writer.series).toHaveLength(50);
    expect(writer.version).toEqual({ at: 78, count: 79 });
    for (let i = 0; i < 29; i++) writer.write(settings, 0);
    expect(writer.version).toEqual({ at: 29, count: 30 });
  });

  it('writes no more of a series that was stopped, or ended with the connection', () => {
    for (const interrupt of [() => writer.stop(), () => model.begin()]) {
      const { messages } = model;
      const before = messages.length;
      model.holdsBack = true;
      writer.write({ ...settings, count: 3 }, 0);
      interrupt();
      model.push({ kind: 'ended', reason: 'stopped' });
      expect(messages.slice(before).filter(({ kind }) => kind === 'write')).toHaveLength(1);
      expect(writer.status).toBe('idle');
    }
  });

  it('lets the model read bytes that are no text', () => {
    model.ready = { ...model.ready, symbols: 'bytes' };
    model.begin();
    model.holdsBack = true;
    writer.write(settings, 0);
    const bytes = [0x61, 0xe9, 0x0a];
    model.push({
      kind: 'symbols',
      position: 0,
      texts: ['a', '', '\ufffd\n'],
      probabilities: [1, 1, 1],
      bytes,
    });
    model.push({ kind: 'ended', reason: 'length' });
    writer.write(settings, 0);
    model.push({ kind: 'ended', reason: 'stopped' });
    writer.showVersion(0);
    writer.continue(5);
    expect(model.messages.at(-1)).toMatchObject({ settings: { primeText: 'head', length: 5 }, bytes });
    writer.showVersion(0);
    model.push({ kind: 'ended', reason: 'stopped' });
    writer.showVersion(0);
    writer.look(2);
    expect(model.messages.at(-2)).toMatchObject({ settings: { primeText: 'head' }, bytes: [0x61, 0xe9] });
  });
});
