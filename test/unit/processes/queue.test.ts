import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { RunQueue, type QueuedRun } from '../../../src/processes/queue.ts';
import { defaultRunSettings } from '../../../src/shared/domain/run-settings.ts';
import { temporaryFolder } from '../../support/texts.ts';

let folder: string;
beforeEach(() => (folder = temporaryFolder('queue')));

function open(damaged: string[] = []): Promise<RunQueue> {
  return RunQueue.open(folder, (movedTo) => damaged.push(movedTo));
}

function waiting(name: string): QueuedRun {
  return {
    kind: 'start',
    id: `queued-${name}`,
    created: '2026-01-02T03:04:05.000Z',
    backend: 'auto',
    threads: 0,
    textPath: '/texts/novel.txt',
    textTitle: 'novel.txt',
    encoding: null,
    settings: { ...defaultRunSettings, name },
    initFrom: null,
  };
}

const ids = (queue: RunQueue): readonly string[] => queue.waiting.map(({ id }) => id);
const [a, b, c] = [waiting('a'), waiting('b'), waiting('c')];

describe('the queue', () => {
  test('keeps its order, and what it holds is there again when the next process opens it', async () => {
    const queue = await open();
    await queue.add([a, b]);
    await queue.add([c]);
    await queue.move('queued-c', 0);
    expect(await queue.remove('queued-a')).toBe(true);
    await queue.close();
    const again = await open();
    expect(again.waiting).toEqual([c, b]);
    await again.close();
  });

  test('a place beyond the end is the end; a run that does not wait moves nowhere', async () => {
    const queue = await open();
    await queue.add([a, b, c]);
    await queue.move('queued-a', 99);
    expect(ids(queue)).toEqual(['queued-b', 'queued-c', 'queued-a']);
    expect(await queue.move('queued-x', 0)).toBe(false);
    expect(await queue.remove('queued-x')).toBe(false);
    await queue.close();
  });

  test('changes made at the same time all reach the disk', async () => {
    const queue = await open();
    await Promise.all([queue.add([a]), queue.add([b]), queue.add([c]), queue.remove('queued-b')]);
    await queue.close();
    const again = await open();
    expect(ids(again)).toEqual(['queued-a', 'queued-c']);
    await again.close();
  });

  test.each([
    ['half a file', '{"formatVersion": 1, "waiting": [{'],
    ['settings out of range', undefined],
  ])('%s is moved aside, whole', async (_, content) => {
    const bad = { ...a, settings: { ...defaultRunSettings, rnnSize: -1 } };
    const written = content ?? JSON.stringify({ formatVersion: 1, waiting: [bad] });
    writeFileSync(join(folder, 'queue.json'), written);
    const damaged: string[] = [];
    const queue = await open(damaged);
    expect(queue.waiting).toEqual([]);
    expect(damaged.map((path) => readFileSync(path, 'utf8'))).toEqual([written]);
    await queue.add([b]);
    await queue.close();
    const again = await open();
    expect(ids(again)).toEqual(['queued-b']);
    await again.close();
  });

  test('belongs to one at a time: a second begins nothing and takes nothing', async () => {
    const first = await open();
    await first.add([a]);
    const second = await open();
    expect([second.isOurs, second.waiting]).toEqual([false, []]);
    await expect(second.add([b])).rejects.toMatchObject({ code: 'run-busy' });
    await second.close();
    await first.close();
    const third = await open();
    expect([third.isOurs, ids(third)]).toEqual([true, ['queued-a']]);
    await third.close();
  });
});
