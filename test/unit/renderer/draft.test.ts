import { describe, expect, it } from 'vitest';
import { runSettings } from '../../../src/shared/domain/run-settings.ts';
import type { Bridge, StreamItem } from '../../../src/shared/ipc/contract.ts';
import type { TextReport } from '../../../src/shared/domain/text.ts';
import { DraftMemory } from '../../../src/renderer/stores/draft-memory.ts';
import { Draft, nameFrom } from '../../../src/renderer/stores/draft.svelte.ts';

const report: TextReport = {
  characters: 10_000,
  bytes: 10_000,
  lines: 100,
  lineEnds: { lf: 100, crlf: 0, cr: 0 },
  encoding: { encoding: 'utf-8', source: 'form', confidence: 1, markBytes: 0, alternatives: [] },
  vocabulary: [{ code: 97, count: 10_000, firstLine: 1 }],
  findings: [],
};

/** The other side of `texts.inspect`: every started reading, answered by the test. */
function host() {
  const readings: {
    readonly params: unknown;
    readonly tell: (item: StreamItem<'texts.inspect'>) => void;
    closed: boolean;
  }[] = [];
  const bridge = {
    open: (_name: string, params: unknown, tell: (item: StreamItem<'texts.inspect'>) => void) => {
      const reading = { params, tell, closed: false };
      readings.push(reading);
      return {
        send: () => undefined,
        close: () => (reading.closed = true),
        ended: new Promise<void>(() => undefined),
      };
    },
  } as unknown as Bridge;
  return { bridge, readings };
}

/** A window that has just been opened. */
function nothingKept(): DraftMemory {
  return new DraftMemory({ getItem: () => null, setItem: () => undefined });
}

describe('a draft', () => {
  it('keeps known facts of a text while it is read in another way', () => {
    const { bridge, readings } = host();
    const draft = new Draft(bridge, nothingKept());
    draft.open('novel', 'novel.txt');
    readings[0]?.tell({ kind: 'report', report });
    expect(draft.plan?.chunks.total).toBe(4);
    draft.change({ lineEnds: 'lf' });
    expect(readings.map(({ closed }) => closed)).toEqual([true, false]);
    expect(draft.inspection?.report).toBeNull();
    expect(draft.plan?.chunks.total).toBe(4);
    readings[1]?.tell({ kind: 'report', report: { ...report, characters: 5000 } });
    expect(draft.plan?.chunks.total).toBe(2);
    draft.open('other', 'other.txt');
    expect(draft.plan).toBeNull();
  });

  it('reports cancelled reading, and reads again on request', () => {
    const { bridge, readings } = host();
    const draft = new Draft(bridge, nothingKept());
    draft.open('novel', 'novel.txt');
    draft.inspection?.stop();
    expect(draft.inspection?.problem?.code).toBe('cancelled');
    expect(readings[0]?.closed).toBe(true);
    draft.readAgain();
    expect(draft.inspection?.problem).toBeNull();
    readings[1]?.tell({ kind: 'report', report });
    expect(draft.characters).toBe(10_000);
  });

  it('closes a text that no page shows, and reads it again when a page does', () => {
    const { bridge, readings } = host();
    const draft = new Draft(bridge, nothingKept());
    draft.open('novel', 'novel.txt');
    readings[0]?.tell({ kind: 'report', report });
    draft.change({ name: 'mine' });
    draft.rest();
    expect(readings[0]?.closed).toBe(true);
    expect(draft.plan?.chunks.total).toBe(4);
    draft.open('novel', 'novel.txt');
    expect(readings).toHaveLength(2);
    expect(draft.plan?.chunks.total).toBe(4);
    expect(draft.settings.name).toBe('mine');
    draft.open('novel', 'novel.txt');
    expect(readings).toHaveLength(2);
  });
});

it('names a run after a file or a book', () => {
  const names = [
    'Moby Dick',
    'my_novel (2).txt',
    "Alice's Adventures",
    'Klasse 8b – „Müller’s“ Text.txt',
    "'Tis the 'quoted' one",
    '../../etc/passwd',
    '???.txt',
  ];
  expect(names.map(nameFrom)).toEqual([
    'Moby Dick',
    'my_novel 2',
    "Alice's Adventures",
    'Klasse 8b Müller’s Text',
    'Tis the quoted one',
    'etc passwd',
    'my text',
  ]);
  for (const name of names) expect(runSettings.name.pattern.test(nameFrom(name))).toBe(true);
});
