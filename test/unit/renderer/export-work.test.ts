import { describe, expect, test } from 'vitest';
import type { Bridge, StreamItem } from '../../../src/shared/ipc/contract.ts';
import { CharloomError } from '../../../src/shared/errors.ts';
import { ExportWork } from '../../../src/renderer/views/give-away/export-work.svelte.ts';

type Item = StreamItem<'models.export'>;

/** The other side: it sends what it is told to, and records save requests. */
class ExportingHost {
  readonly saved: string[] = [];
  closed = 0;
  /** Whether the person chooses a place for the file. */
  isPlaceChosen = true;
  push: (item: Item) => void = () => undefined;
  fail: (error: Error) => void = () => undefined;

  readonly bridge = {
    open: (_name: string, _params: unknown, onItem: (item: Item) => void) => {
      this.push = onItem;
      const ended = new Promise<void>((_, reject) => (this.fail = reject));
      return { send: () => undefined, close: () => void this.closed++, ended };
    },
    saveExport: (ticket: string, name: string) => {
      this.saved.push(`${ticket} ${name}`);
      return Promise.resolve(this.isPlaceChosen);
    },
  } as unknown as Bridge;
}

const model = { kind: 'run', run: 'novel', file: null } as const;
const ready = (ticket: string): Item => ({
  kind: 'ready',
  ticket,
  name: 'novel-onnx.zip',
  bytes: 10,
  checked: { symbols: 100, largestDifference: 1e-6 },
});

describe('an export', () => {
  test('reports progress, is saved when it is ready, and again on request', async () => {
    const host = new ExportingHost();
    const work = new ExportWork(host.bridge);
    work.start(model, { format: 'onnx' });
    host.push({ kind: 'progress', fraction: 0.5 });
    expect([work.status, work.fraction]).toEqual(['exporting', 0.5]);
    host.push(ready('one'));
    await expect.poll(() => work.isSaved).toBe(true);
    await work.save();
    expect(host.saved).toEqual(['one novel-onnx.zip', 'one novel-onnx.zip']);
    // It is there for as long as its stream is open.
    expect(host.closed).toBe(0);
    work.stop();
    expect([host.closed, work.status]).toEqual([1, 'none']);
  });

  test('without a chosen place stays ready', async () => {
    const host = new ExportingHost();
    host.isPlaceChosen = false;
    const work = new ExportWork(host.bridge);
    work.start(model, { format: 'onnx' });
    host.push(ready('one'));
    await expect.poll(() => host.saved.length).toBe(1);
    expect([work.status, work.isSaved]).toEqual(['ready', false]);
  });

  test('repeated after a lost connection is not saved twice, and the new file is saved', async () => {
    const host = new ExportingHost();
    const work = new ExportWork(host.bridge);
    work.start(model, { format: 'onnx' });
    host.push(ready('one'));
    await expect.poll(() => work.isSaved).toBe(true);
    host.push(ready('two'));
    expect(host.saved).toEqual(['one novel-onnx.zip']);
    await work.save();
    expect(host.saved.at(-1)).toBe('two novel-onnx.zip');
  });

  test('that failed says why, and does not affect the next one', async () => {
    const host = new ExportingHost();
    const work = new ExportWork(host.bridge);
    work.start(model, { format: 'ml5' });
    const { push } = host;
    host.fail(new CharloomError('check-failed', 'A logit differs.'));
    await expect.poll(() => work.status).toBe('failed');
    expect(work.problem).toMatchObject({ code: 'check-failed' });
    work.start(model, { format: 'onnx' });
    push(ready('late'));
    expect([work.status, work.problem, work.result]).toEqual(['exporting', null, null]);
    expect(host.saved).toEqual([]);
  });
});
