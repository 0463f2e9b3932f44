import { describe, expect, test } from 'vitest';
import type { Checkpoint } from '../../src/engine/checkpoints/content.ts';
import {
  readCheckpoint,
  readCheckpointHeader,
  writeCheckpoint,
} from '../../src/node/files/checkpoint-files.ts';
import { changePlannedRun } from '../../src/node/files/reserved-run.ts';
import { runPaths } from '../../src/node/files/run-folder.ts';
import { RunQueue } from '../../src/processes/queue.ts';
import { jobFor, readTurn } from '../../src/processes/run-turn.ts';
import { jobSchema } from '../../src/shared/compute/messages.ts';
import { TextList } from '../../src/workbench/texts/text-list.ts';
import { EarlierFiles } from '../support/earlier-files.ts';
import { session } from '../support/sessions.ts';
import { openWorkbench } from '../support/workbench.ts';

type Json = Record<string, unknown>;
const later = { later: { nested: [1, 'two'] } };
/** A value with a key in it that this program does not know. */
const withLater = (value: unknown): Json => ({ ...(value as Json), ...later });
const withLaterChanges = (resume: unknown): Json => ({
  ...withLater(resume),
  changes: withLater((resume as Json)['changes']),
});
const run = ['home', 'runs', 'tale-lstm'] as const;
const queuePath = ['home', 'queue.json'] as const;
const openQueue = (files: EarlierFiles): Promise<RunQueue> =>
  RunQueue.open({ home: files.home, runs: files.runs }, (movedTo) =>
    expect.unreachable(`moved to ${movedTo}`),
  );

describe('what only a later version knows is preserved in', () => {
  test('run.json and new checkpoints of a resumed run, with a message', async () => {
    const files = new EarlierFiles();
    files.edit([...run, 'run.json'], (record) => ({
      ...withLater(record),
      settings: withLater(record['settings']),
      spec: withLater(record['spec']),
      text: { ...withLater(record['text']), fingerprint: withLater((record['text'] as Json)['fingerprint']) },
      backend: withLater(record['backend']),
    }));
    const { notices, steps } = await session({
      ...{ resume: files.run('tale-lstm'), text: files.text, settings: { maxIterations: 18 } },
    });
    expect(steps.map(([iteration]) => iteration)).toEqual([13, 14, 15, 16, 17, 18]);
    expect(notices.join(' ')).toContain('does not know the run’s settings later');
    expect(files.json(...run, 'run.json')).toMatchObject({
      ...later,
      iteration: 18,
      settings: later,
      spec: later,
      text: { ...later, fingerprint: later },
    });
    const last = files.checkpoints.find((path) => path.includes('lstm_epoch0.53'));
    const { metadata } = await readCheckpoint(last ?? '');
    expect(metadata).toMatchObject({ settings: later, spec: later, text: later });
  });

  test('a checkpoint that is written again, and one that a run starts from', async () => {
    const files = new EarlierFiles();
    const [path = ''] = files.checkpoints;
    await writeCheckpoint(path, laterCheckpoint(await readCheckpoint(path)));
    const { metadata } = await readCheckpoint(path);
    expect(metadata).toMatchObject({ ...later, settings: later, spec: later, text: later });
    const { outcome } = await session({
      ...{ text: files.text, runs: files.runs, initFrom: path },
      settings: { ...metadata.settings, name: 'next', maxIterations: 6 },
    });
    const initial = await readCheckpointHeader(runPaths(outcome.folder).initial);
    expect(initial.metadata).toMatchObject({ ...later, settings: later, spec: later });
  });

  test('the queue and what waits in it, and does not reach the process that trains', async () => {
    const files = new EarlierFiles();
    // The earlier format described its runs; from here on they have folders.
    await (await openQueue(files)).close();
    const planned = ['home', 'runs', 'tale-next', 'run.json'] as const;
    files.edit(planned, (record) => ({
      ...withLater(record),
      settings: withLater(record['settings']),
      plan: withLater(record['plan']),
    }));
    files.edit(queuePath, (file) => ({
      ...withLater(file),
      order: {
        [files.runs]: (file['order'] as Record<string, Json[]>)[files.runs]?.map((queued) => ({
          ...withLater(queued),
          resume: queued['resume'] === null ? null : withLaterChanges(queued['resume']),
        })),
      },
    }));
    const queue = await openQueue(files);
    expect(queue.waiting).toHaveLength(2);
    for (const waiting of queue.waiting) {
      const turn = await readTurn(waiting, files.run(waiting.id));
      const job = jobFor(turn, { backend: { kind: 'wasm' }, samples: null });
      expect(JSON.stringify(jobSchema.parse(job))).not.toContain('nested');
    }
    const [first] = queue.waiting;
    await queue.move(first?.id ?? '', 1);
    await queue.close();
    expect(files.json(...queuePath)).toMatchObject({
      ...later,
      order: {
        [files.runs]: [
          { ...later, id: 'tale-gru', resume: { ...later, changes: later } },
          { ...later, id: 'tale-next', resume: null },
        ],
      },
    });
    await changePlannedRun(files.run('tale-next'), () => ({ reason: 'told' }));
    expect(files.json(...planned)).toMatchObject({ ...later, reason: 'told', settings: later, plan: later });
  });

  test('settings, with values that do not fit here and presets that cannot be read here', async () => {
    const files = new EarlierFiles();
    const unreadable = { name: 'Of a later cell', settings: { model: 'ln-lstm' }, ...later };
    const path = ['home', 'settings.json'];
    files.edit(path, (settings) => {
      const [first, second] = settings['presets'] as Json[];
      return {
        ...withLater(settings),
        theme: 'sepia',
        presets: [unreadable, { ...withLater(first), settings: withLater(first?.['settings']) }, second],
      };
    });
    const keeper = files.settings;
    expect(keeper.get().theme).toBe('system');
    const [first, second] = keeper.get().presets;
    if (first === undefined || second === undefined) throw new Error('two presets can be read');
    await keeper.change({ keepBest: 9 });
    await keeper.change({ presets: [second, { ...first, settings: { ...first.settings, rnnSize: 32 } }] });
    const kept = files.json(...path);
    expect(kept).toMatchObject({ ...later, theme: 'sepia', keepBest: 9 });
    expect(kept['presets']).toMatchObject([
      { name: 'GRU with dropout' },
      { ...later, name: 'Small and quick', settings: { ...later, rnnSize: 32 } },
      unreadable,
    ]);
    await keeper.change({ theme: 'light', presets: [second] });
    expect(files.json(...path)).toMatchObject({
      theme: 'light',
      presets: [{ name: second.name }, unreadable],
    });
  });

  test('notes and the list of texts', async () => {
    const files = new EarlierFiles();
    files.edit([...run, 'notes.json'], (notes) => ({
      ...withLater(notes),
      checkpoints: Object.fromEntries(
        Object.entries(notes['checkpoints'] as Json).map(([file, mark]) => [file, withLater(mark)]),
      ),
    }));
    files.edit(['home', 'texts.json'], (file) => ({
      ...withLater(file),
      texts: (file['texts'] as Json[]).map(withLater),
    }));
    const page = await openEmpty(files);
    const [text] = await page.request('texts.list', null);
    expect(text).not.toHaveProperty('later');
    const [checkpoint] = await page.request('checkpoints.list', { run: 'tale-lstm' });
    await page.request('checkpoints.mark', {
      run: 'tale-lstm',
      file: checkpoint?.file ?? '',
      star: false,
      note: 'x',
    });
    await page.request('runs.describe', { run: 'tale-lstm', name: 'Renamed', note: '' });
    await page.workbench.dispose();
    expect(page.defects).toEqual([]);
    const notes = files.json(...run, 'notes.json');
    expect(notes).toMatchObject({ ...later, name: 'Renamed' });
    expect(Object.values(notes['checkpoints'] as Json)).toEqual([{ ...later, star: false, note: 'x' }]);
    if (text === undefined) throw new Error('there is a text');
    await (await TextList.open(files.home)).put({ ...text, vocabularySize: 15 });
    const texts = files.json('home', 'texts.json');
    expect(texts).toMatchObject(later);
    expect(texts['texts']).toMatchObject([{ ...later, title: 'tale.txt', vocabularySize: 15 }]);
  });
});

test('pages get runs and models without unknown fields', async () => {
  const files = new EarlierFiles();
  files.edit([...run, 'run.json'], (record) => ({
    ...withLater(record),
    settings: withLater(record['settings']),
    spec: withLater(record['spec']),
  }));
  const best = files.checkpoints.find((path) => path.includes('lstm_epoch0.35'));
  await writeCheckpoint(best ?? '', laterCheckpoint(await readCheckpoint(best ?? '')));
  const page = await openEmpty(files);
  const listed = (await page.request('runs.list', null)).find(({ id }) => id === 'tale-lstm');
  expect(listed).toMatchObject({ state: 'finished', settings: { rnnSize: 6 }, spec: { rnnSize: 6 } });
  expect(JSON.stringify(listed)).not.toContain('nested');
  const model = { kind: 'run', run: 'tale-lstm', file: null } as const;
  expect((await page.request('models.describe', { model })).spec.rnnSize).toBe(6);
  await page.workbench.dispose();
  expect(page.defects).toEqual([]);
});

function laterCheckpoint({ metadata, tensors }: Checkpoint): Checkpoint {
  const { settings, spec, text } = metadata;
  const more = {
    ...{ settings: { ...settings, ...later }, spec: { ...spec, ...later }, text: { ...text, ...later } },
    ...later,
  };
  return { metadata: { ...metadata, ...more }, tensors };
}

/** A workbench on the files without waiting runs: they would start to train. */
async function openEmpty(files: EarlierFiles) {
  files.edit(queuePath, (queue) => ({ ...queue, waiting: [] }));
  return openWorkbench({ home: files.home, runs: files.runs });
}
