import { describe, expect, it } from 'vitest';
import type { Bridge, StreamItem } from '../../../src/shared/ipc/contract.ts';
import type { TextReport } from '../../../src/shared/ipc/schemas/text.ts';
import { Draft } from '../../../src/renderer/stores/draft.svelte.ts';

const report: TextReport = {
  characters: 10_000,
  bytes: 10_000,
  lines: 100,
  lineEnds: { lf: 100, crlf: 0, cr: 0 },
  encoding: { encoding: 'utf-8', source: 'form', confidence: 1, markBytes: 0, alternatives: [] },
  vocabulary: [{ code: 97, count: 10_000, firstLine: 1 }],
  findings: [],
};

/** The other side of `texts.inspect`: every reading that was begun, to be answered by the test. */
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

describe('a draft', () => {
  it('keeps what is known of a text while it is read in another way', () => {
    const { bridge, readings } = host();
    const draft = new Draft(bridge);
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

  it('says so when somebody stops the reading, and reads again when asked', () => {
    const { bridge, readings } = host();
    const draft = new Draft(bridge);
    draft.open('novel', 'novel.txt');
    draft.inspection?.stop();
    expect(draft.inspection?.problem?.code).toBe('cancelled');
    expect(readings[0]?.closed).toBe(true);
    draft.readAgain();
    expect(draft.inspection?.problem).toBeNull();
    readings[1]?.tell({ kind: 'report', report });
    expect(draft.characters).toBe(10_000);
  });
});
