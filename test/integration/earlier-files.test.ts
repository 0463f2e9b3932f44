import { decodeHeader } from '../../src/engine/checkpoints/safetensors.ts';
import { readFileSync, statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { encodeRunRecord } from '../../src/node/files/run-record.ts';
import { encodeCheckpoint } from '../../src/engine/checkpoints/codec.ts';
import { readCheckpoint } from '../../src/node/files/checkpoint-files.ts';
import { readRunRecord, runPaths } from '../../src/node/files/run-folder.ts';
import { sha256 } from '../../src/node/files/sha256.ts';
import { defaultRunSettings } from '../../src/shared/domain/run-settings.ts';
import { EarlierFiles, earlierRuns } from '../support/earlier-files.ts';
import { session } from '../support/sessions.ts';
import { temporaryFolder } from '../support/texts.ts';
import { openWorkbench } from '../support/workbench.ts';

// What the expected values are was read in the files themselves, and is typed here.
describe('files that commit ba39210 wrote', () => {
  test('open with all of their content, and nothing is moved aside', async () => {
    const files = new EarlierFiles();
    const { records, histories, checkpoints, waiting, settings, desktopSettings, texts, notes } =
      await files.openAll();
    expect(
      records.map(({ settings: { model, rnnSize, dropout, optimizer, symbols, onExplosion } }) => [
        ...[model, rnnSize, dropout, optimizer, symbols, onExplosion],
      ]),
    ).toEqual([
      ['lstm', 6, 0, 'rmsprop', 'characters', 'stop'],
      ['gru', 6, 0.25, 'adam', 'characters', 'recover'],
      ['rnn', 6, 0, 'rmsprop', 'bytes', 'stop'],
      ['lstm', 6, 0, 'rmsprop', 'characters', 'stop'],
    ]);
    expect(records.map(({ initializedFrom }) => initializedFrom)).toEqual([
      ...[null, null, null],
      'lm_tale-lstm_epoch0.35_2.5891.safetensors',
    ]);
    expect(
      histories.map(({ steps, evaluations }) => [steps.length, evaluations.at(-1)?.validationLoss]),
    ).toEqual([
      [12, 2.5890807151794433],
      [12, expect.closeTo(2.6957, 4)],
      [12, expect.closeTo(2.6341, 4)],
      [12, expect.closeTo(2.4607, 4)],
    ]);
    expect(checkpoints).toHaveLength(9);
    expect(checkpoints.map(({ metadata }) => metadata.iteration).toSorted((a, b) => a - b)).toEqual([
      ...[6, 6, 6, 6, 12, 12, 12, 12, 12],
    ]);
    expect(waiting).toMatchObject([
      {
        plan: { text: { title: 'tale.txt' } },
        settings: { name: 'tale-next', maxEpochs: 2, evaluateEvery: 6 },
      },
      { changes: { maxEpochs: 4, maxIterations: 0, onExplosion: 'stop' } },
    ]);
    for (const kept of [settings, desktopSettings]) {
      expect(kept).toMatchObject({ theme: 'dark', textSize: 1.2, keepBest: 5, onClose: 'background' });
      expect(kept.presets).toEqual([
        {
          name: 'Small and quick',
          settings: { ...defaultRunSettings, name: 'tale', rnnSize: 64, maxEpochs: 5 },
        },
        {
          name: 'GRU with dropout',
          settings: { ...defaultRunSettings, name: 'tale', model: 'gru', dropout: 0.4, optimizer: 'adam' },
        },
      ]);
    }
    expect(texts).toMatchObject([{ title: 'tale.txt', bytes: 872, source: 'upload' }]);
    expect(notes).toMatchObject({ name: 'A tale of tea', note: 'The first try.' });
    expect(Object.values(notes.checkpoints)).toEqual([{ star: true, note: 'Kept for the readme.' }]);
    expect(files.movedAside).toEqual([]);
  });

  test('are written again in the current format with all of their content', async () => {
    const files = new EarlierFiles();
    for (const name of earlierRuns) {
      const written = JSON.parse(readFileSync(runPaths(files.run(name)).record, 'utf8')) as object;
      const again: unknown = JSON.parse(encodeRunRecord(await readRunRecord(files.run(name))));
      expect(again).toMatchObject({ ...written, formatVersion: 2 });
    }
    for (const path of files.checkpoints) {
      const written = decodeHeader(readFileSync(path), statSync(path).size);
      const { pieces, bytes } = encodeCheckpoint(await readCheckpoint(path), sha256);
      const again = Buffer.concat(pieces);
      const { metadata, tensors, dataStart } = decodeHeader(again, bytes);
      const described = (texts: ReadonlyMap<string, string>): object =>
        JSON.parse(texts.get('charloom') ?? '') as object;
      expect(described(metadata)).toMatchObject({ ...described(written.metadata), formatVersion: 2 });
      expect(tensors).toEqual(written.tensors);
      expect(again.subarray(dataStart).equals(readFileSync(path).subarray(written.dataStart))).toBe(true);
    }
  });

  test.each(['tale-lstm', 'tale-gru', 'tale-rnn'])('%s resumes as if it had never stopped', async (name) => {
    const files = new EarlierFiles();
    const { settings } = await readRunRecord(files.run(name));
    const longer = { maxIterations: 24 };
    const resumed = await session({ resume: files.run(name), text: files.text, settings: longer });
    expect(resumed.steps.map(([iteration]) => iteration)).toEqual(
      Array.from({ length: 12 }, (_, i) => i + 13),
    );
    const whole = await session({
      text: files.text,
      runs: temporaryFolder('runs'),
      settings: { ...settings, ...longer },
    });
    // Another processor may have other last digits than the one that wrote the files.
    resumed.steps.forEach(([, loss], i) => expect(loss).toBeCloseTo(whole.steps[12 + i]?.[1] ?? NaN, 3));
    expect((await readRunRecord(files.run(name))).iteration).toBe(24);
  });

  test('are listed in the pages of a workbench', async () => {
    const files = new EarlierFiles();
    // Without waiting runs: they would start to train.
    files.edit(['home', 'queue.json'], (queue) => ({ ...queue, waiting: [] }));
    const page = await openWorkbench({ home: files.home, runs: files.runs });
    const runs = await page.request('runs.list', null);
    expect(runs.map(({ id, state, checkpoints }) => [id, state, checkpoints]).toSorted()).toEqual([
      ['tale-after', 'finished', 2],
      ['tale-gru', 'finished', 2],
      ['tale-lstm', 'finished', 2],
      ['tale-rnn', 'finished', 2],
    ]);
    expect(runs.find(({ id }) => id === 'tale-lstm')?.name).toBe('A tale of tea');
    expect((await page.request('texts.list', null))[0]?.title).toBe('tale.txt');
    await page.workbench.dispose();
    expect(page.defects).toEqual([]);
  });
});
