import { beforeEach, describe, expect, it } from 'vitest';
import type { Bridge, StreamItem } from '../../../src/shared/ipc/contract.ts';
import { CharloomError } from '../../../src/shared/errors.ts';
import { defaultSampleSettings, drawSettingsOf } from '../../../src/shared/domain/sample-settings.ts';
import { textOf } from '../../../src/renderer/stores/writing/written-text.ts';
import { alphabet, continued, next, WritingModel } from '../../support/writing-model.ts';
import { Writer } from '../../../src/renderer/stores/writing/writer.svelte.ts';

const settings = { ...defaultSampleSettings, primeText: 'head', length: 12 };
const reference = { kind: 'run', run: 'a', file: null } as const;

let model: WritingModel;
let writer: Writer;

beforeEach(() => {
  model = new WritingModel();
  writer = new Writer(model.bridge, () => undefined);
  writer.open(reference);
  model.begin();
});

function shown(): string {
  return writer.primeText + textOf(writer.written);
}

describe('a writer', () => {
  it('remembers what is to be written until its model is loaded', () => {
    const later = { kind: 'run', run: 'b', file: null } as const;
    writer.open(later);
    writer.write({ ...settings, primeText: 'forgotten' }, 0);
    writer.stop();
    model.begin();
    expect(model.messages).toEqual([]);
    writer.open(reference);
    writer.write({ ...settings, primeText: 'older' }, 0);
    writer.write(settings, 0);
    expect(model.messages).toEqual([]);
    model.begin();
    expect(shown()).toBe(continued('head', 12));
    expect(writer.wish).toBeNull();
  });

  it('knows who wrote each text, whichever model is open', () => {
    const titles = (): readonly string[] => writer.authors.map(({ title }) => title);
    writer.write(settings, 0);
    writer.open({ kind: 'run', run: 'b', file: null });
    model.ready = { ...model.ready, title: 'another' };
    model.begin();
    expect(titles()).toEqual(['model']);
    writer.continue(3);
    expect(titles()).toEqual(['model', 'another']);
    writer.write(settings, 0);
    expect(titles()).toEqual(['another']);
    writer.showVersion(0);
    expect(titles()).toEqual(['model', 'another']);
  });

  it('shows what the model writes, and continues', () => {
    writer.write(settings, 0);
    expect(shown()).toBe(continued('head', 12));
    writer.continue(5);
    expect(shown()).toBe(continued('head', 17));
    expect(writer.status).toBe('idle');
    expect(writer.reason).toBe('length');
    expect(model.messages.map(({ kind }) => kind)).toEqual(['write', 'continue']);
  });

  it('takes an alternative and continues from there, and the earlier text is a version', () => {
    writer.write(settings, 0);
    const before = shown();
    writer.look(4);
    const likeliest = next(before.slice(0, 'head'.length + 4));
    expect(writer.alternatives?.position).toBe(4);
    expect(writer.alternatives?.choices.toSorted((a, b) => b.probability - a.probability)[0]?.text).toBe(
      likeliest,
    );
    writer.take(4, alphabet.indexOf('j'), 6);
    expect(shown()).toBe(continued(`${before.slice(0, 8)}j`, 6));
    expect(writer.version).toEqual({ at: 1, count: 2 });
    writer.showVersion(0);
    expect(shown()).toBe(before);
    writer.showVersion(1);
    expect(shown()).toBe(continued(`${before.slice(0, 8)}j`, 6));
  });

  it('continues an earlier version as the model would after reading it', () => {
    writer.write(settings, 0);
    const first = shown();
    writer.write({ ...settings, primeText: 'other' }, 0);
    writer.showVersion(0);
    writer.continue(9);
    expect(shown()).toBe(continued(first, 9));
    // What was written after it is held completely again: nothing needs to be read again.
    writer.continue(3);
    expect(shown()).toBe(continued(first, 12));
    expect(model.messages.at(-1)?.kind).toBe('continue');
  });

  it('shows alternatives of an earlier version without changing its text', () => {
    writer.write(settings, 0);
    const first = shown();
    writer.write({ ...settings, primeText: 'other' }, 0);
    writer.showVersion(0);
    writer.look(7);
    expect(shown()).toBe(first);
    expect(writer.status).toBe('idle');
    const likely = writer.alternatives?.choices.find(({ probability }) => probability > 0.5);
    expect(likely?.text).toBe(first[4 + 7]);
    writer.take(7, 0, 4);
    expect(shown()).toBe(continued(`${first.slice(0, 11)}a`, 4));
  });

  it('reads the text before another place when alternatives are requested there', () => {
    writer.write(settings, 0);
    const first = shown();
    writer.showVersion(0);
    for (const position of [7, 3, 10]) {
      writer.look(position);
      const likely = writer.alternatives?.choices.find(({ probability }) => probability > 0.5);
      expect(writer.alternatives?.position).toBe(position);
      expect(likely?.text).toBe(first[4 + position]);
    }
    writer.continue(4);
    expect(shown()).toBe(continued(first, 4));
  });

  it('keeps its text after a reconnection, and continues by reading it', () => {
    writer.write(settings, 0);
    const first = shown();
    model.begin();
    expect(shown()).toBe(first);
    writer.continue(4);
    expect(shown()).toBe(continued(first, 4));
  });

  it('says that a text is incomplete when the connection was lost while writing', () => {
    writer.write({ ...settings, length: 1 }, 0);
    writer.continue(1);
    writer.status = 'writing';
    model.begin();
    expect(writer.status).toBe('idle');
    expect(writer.reason).toBe('lost');
  });

  it('ignores symbols of the earlier text until the new one has started', () => {
    let hear: (item: StreamItem<'models.write'>) => void = () => undefined;
    const open = (_name: string, _params: unknown, onItem: (item: StreamItem<'models.write'>) => void) => {
      hear = onItem;
      return { send: () => undefined, close: () => undefined, ended: new Promise<void>(() => undefined) };
    };
    const silent = new Writer({ open } as unknown as Bridge, () => undefined);
    silent.open(reference);
    hear(model.ready);
    silent.write(settings, 0);
    hear({ kind: 'begun', primeText: 'head', unknown: [], stopUnknown: [], neverEndsLine: false });
    hear({ kind: 'symbols', position: 0, texts: ['o', 'l', 'd'], probabilities: [1, 1, 1] });
    silent.write(settings, 0);
    hear({ kind: 'symbols', position: 3, texts: ['x'], probabilities: [1] });
    hear({ kind: 'ended', reason: 'stopped' });
    expect(silent.status).toBe('writing');
    hear({ kind: 'begun', primeText: 'head', unknown: [], stopUnknown: [], neverEndsLine: false });
    hear({ kind: 'symbols', position: 0, texts: ['n', 'e', 'w'], probabilities: [1, 1, 1] });
    hear({ kind: 'ended', reason: 'length' });
    expect(textOf(silent.written)).toBe('new');
    silent.showVersion(0);
    expect(textOf(silent.written)).toBe('old');
  });

  it('tells the model of a changed temperature while it holds the text', () => {
    writer.adjust({ ...settings, temperature: 0.5 });
    expect(model.messages).toEqual([]);
    writer.write(settings, 0);
    const adjustment = { ...drawSettingsOf(settings), temperature: 0.3, topK: 4 };
    writer.adjust({ ...settings, ...adjustment });
    expect(model.messages.at(-1)).toEqual({
      kind: 'adjust',
      adjustment,
    });
    expect(writer.settings?.temperature).toBe(0.3);
  });

  it('closes immediately or when done, keeps the text, and opens again', () => {
    writer.write(settings, 0);
    const first = shown();
    writer.status = 'writing';
    writer.close('done');
    expect(model.closed).toBe(0);
    model.push({ kind: 'ended', reason: 'length' });
    expect(model.closed).toBe(1);
    expect(writer.status).toBe('closed');
    writer.open(reference);
    model.begin();
    writer.continue(2);
    expect(shown()).toBe(continued(first, 2));
  });

  it('shows why a model cannot be used', async () => {
    model.fail(new CharloomError('bad-checkpoint', 'It is damaged.'));
    await expect.poll(() => writer.status).toBe('failed');
    expect(writer.problem).toMatchObject({ message: 'It is damaged.' });
  });
});
