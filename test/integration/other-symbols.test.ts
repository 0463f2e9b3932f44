import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { copiesResult, evalResult, trainEvent, type TrainEvent } from '../../src/cli/json-output.ts';
import { averageOf } from '../../src/engine/model/averaged-weights.ts';
import { readCheckpoint, readCheckpointHeader } from '../../src/node/files/checkpoint-files.ts';
import { readRunRecord } from '../../src/node/files/run-folder.ts';
import { sampleText } from '../../src/node/samples/sample-text.ts';
import type { VocabularyChoice } from '../../src/shared/domain/symbol-fit.ts';
import { killUntilDone } from '../support/kill-until-done.ts';
import { charloom, jsonLines } from '../support/processes.ts';
import { checkpointDigests, metricLines, quickSettings, session } from '../support/sessions.ts';
import { quickModel, temporaryFolder, writeText } from '../support/texts.ts';

const folder = temporaryFolder('symbols');
const env = { CHARLOOM_HOME: folder };
/** A model of Alice's Adventures in Wonderland: no digits, no ampersand, nothing beyond ASCII. */
let alice = '';
/** Of Moby Dick, with an addition now and then of which every character is another case. */
let text = '';
let whale = '';
const addition = '“café” … ☃ ';

function symbolsOf(written: string): readonly string[] {
  return [...new Set(written)].toSorted();
}

function count(of: string): number {
  return text.split(of).length - 1;
}

beforeAll(async () => {
  const book = readFileSync(await sampleText('moby-dick', join(folder, 'samples')), 'utf8');
  text = book.slice(0, 40_000).replace(/(?<=\. )(?=[A-Z])/g, addition);
  whale = writeText(folder, 'whale.txt', text);
  const wonderland = await sampleText('alice', join(folder, 'samples'));
  const words = ['train', wonderland, ...quickModel, '--max-iterations', '30', '--name', 'alice'];
  const { code, stdout } = await charloom([...words, '--json'], { env });
  expect(code).toBe(0);
  const last = trainEvent.parse(jsonLines(stdout).at(-1));
  alice = last.event === 'done' ? (last.best ?? '') : '';
});

function trainOn(path: string, ...words: readonly string[]) {
  const all = ['train', path, ...quickModel, '--max-iterations', '12', '--eval-every', '6', ...words];
  return charloom(all, { env });
}

async function train(name: string, choice: VocabularyChoice): Promise<readonly TrainEvent[]> {
  const words = ['--init-from', alice, '--vocabulary', choice, '--name', name, '--json'];
  const { code, stdout, stderr } = await trainOn(whale, ...words);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return jsonLines(stdout).map((line) => trainEvent.parse(line));
}

function only<K extends TrainEvent['event']>(all: readonly TrainEvent[], kind: K) {
  return all.filter((event): event is Extract<TrainEvent, { event: K }> => event.event === kind);
}

describe('a checkpoint of other symbols', () => {
  test('is refused, and both ways to use it are named', async () => {
    const { code, stdout, stderr } = await trainOn(whale, '--init-from', alice);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('the checkpoint does not know “0” “1”');
    expect(stderr).toContain('--vocabulary keep');
    expect(stderr).toContain('--vocabulary widen');
  });

  test('the choice has no meaning without a checkpoint, or for a resumed run', async () => {
    const alone = await trainOn(whale, '--vocabulary', 'keep');
    expect(alone).toMatchObject({ code: 2, stdout: '' });
    expect(alone.stderr).toContain('--vocabulary needs --init-from');
    const resumed = await trainOn(whale, '--vocabulary', 'keep', '--resume', 'alice');
    expect(resumed.stderr).toContain('--vocabulary cannot be used with --resume');
  });

  test('refuses a text with almost no known symbols, and learns it when its symbols are widened', async () => {
    const russian = writeText(folder, 'russian.txt', 'вот и всё, что было\n'.repeat(1000));
    const words = ['--init-from', alice, '--name', 'russian', '--vocabulary'];
    const kept = await trainOn(russian, ...words, 'keep');
    expect(kept).toMatchObject({ code: 2, stdout: '' });
    // 14 letters of 20 symbols; blanks, comma and line end are known.
    expect(kept.stderr).toContain('does not know the characters of 70 % of this text');
    expect(await trainOn(russian, ...words, 'widen')).toMatchObject({ code: 0 });
  });
});

describe('--vocabulary keep', () => {
  let all: readonly TrainEvent[];
  beforeAll(async () => {
    all = await train('kept', 'keep');
  });

  test('reports first what replaces what, and how often', async () => {
    expect(all[0]?.event).toBe('vocabulary');
    const [told] = only(all, 'vocabulary');
    const additions = count(addition);
    const digits = [...text].filter((symbol) => /\d/.test(symbol)).length;
    const replaced = new Map(told?.replaced.map(({ character, ...rest }) => [character, rest]));
    expect(additions).toBeGreaterThan(50);
    expect(replaced.get('“')).toEqual({ count: additions, replacement: '"' });
    expect(replaced.get('…')).toEqual({ count: additions, replacement: '...' });
    expect(replaced.get('é')).toEqual({ count: count('é'), replacement: 'e' });
    expect(replaced.get('☃')).toEqual({ count: additions, replacement: null });
    expect(replaced.get('1')).toEqual({ count: count('1'), replacement: null });
    const lost = [...replaced.values()].filter(({ replacement }) => replacement === null);
    expect(told?.left_out).toBe(lost.reduce((sum, one) => sum + one.count, 0));
    expect(told?.left_out).toBeGreaterThan(digits + additions - 1);
    const longer = [...replaced.values()]
      .filter(({ replacement }) => (replacement ?? '').length > 1)
      .reduce((sum, one) => sum + one.count * ((one.replacement ?? '').length - 1), 0);
    const characters = text.length - (told?.left_out ?? 0) + longer;
    expect(told).toMatchObject({ choice: 'keep', added: 0, characters });
    expect(only(all, 'start')[0]?.characters).toBe(characters);
    const said = await trainOn(whale, '--init-from', alice, '--vocabulary', 'keep', '--name', 'said');
    expect(said.stdout).toMatch(
      /^The run keeps the checkpoint’s \d+ symbols\. In the text at [\d,]+ places /,
    );
    expect(said.stdout).toContain(`“ (U+201C), here ${additions} times: it is replaced with ".`);
    expect(said.stdout.indexOf('it is replaced with')).toBeLessThan(said.stdout.indexOf('iteration 6'));
    expect(readFileSync(join(folder, 'runs', 'said', 'log.txt'), 'utf8')).toContain('The run keeps the');
  });

  test('the run has the symbols of the checkpoint, and all later reports agree', async () => {
    const path = only(all, 'checkpoint').at(-1)?.path ?? '';
    const { metadata } = await readCheckpointHeader(path);
    expect(metadata.vocabulary).toEqual((await readCheckpointHeader(alice)).metadata.vocabulary);
    const measured = await charloom(['eval', path, whale, '--split', 'val', '--json'], { env });
    expect(evalResult.parse(JSON.parse(measured.stdout)).loss).toBeCloseTo(metadata.validationLoss ?? 0, 6);
    const baselines = Object(JSON.parse(readFileSync(join(path, '../../baselines.json'), 'utf8')));
    expect(baselines.uniform).toBeCloseTo(Math.log(metadata.vocabulary.length), 6);
    const { stdout } = await charloom(['sample', path, '--length', '400'], { env });
    expect(metadata.vocabulary).toEqual(expect.arrayContaining([...new Set(stdout.slice(0, 400))]));
  });

  test('what is copied is found as the run read it, at its place in the text itself', async () => {
    // From the middle of the part that was learned, right behind an addition.
    const from = text.indexOf(addition, 9000) + addition.length - 2;
    const passage = text.slice(from + 2, text.indexOf(addition, from + 200));
    const written = join(folder, 'written.txt');
    writeFileSync(written, `so it goes "cafe" ... ${' '}${passage}`);
    const { stdout } = await charloom(['copies', 'kept', written, '--json'], { env });
    const [longest] = copiesResult.parse(JSON.parse(stdout)).passages;
    expect(longest?.words).toContain(passage);
    const start = text.slice(longest?.position);
    const around = longest?.words.indexOf(passage) ?? 0;
    expect(start.slice(0, passage.length + around + 5)).toContain(passage);
    expect(longest?.line).toBe(text.slice(0, longest?.position).split('\n').length);
  });
});

describe('--vocabulary widen', () => {
  test('the run has the symbols of both; what it had learned is unchanged at its start', async () => {
    const all = await train('widened', 'widen');
    const [told] = only(all, 'vocabulary');
    const before = await readCheckpoint(alice);
    const union = symbolsOf(before.metadata.vocabulary.join('') + text);
    const added = union.length - before.metadata.vocabulary.length;
    expect(told).toMatchObject({ choice: 'widen', added, left_out: 0, replaced: [] });
    expect(told?.characters).toBe(text.length);
    const path = only(all, 'checkpoint').at(-1)?.path ?? '';
    const { metadata } = await readCheckpointHeader(path);
    expect(metadata.vocabulary).toEqual(union);
    const measured = await charloom(['eval', path, whale, '--split', 'val', '--json'], { env });
    expect(evalResult.parse(JSON.parse(measured.stdout)).loss).toBeCloseTo(metadata.validationLoss ?? 0, 6);

    const after = await readCheckpoint(join(path, '../../initial.safetensors'));
    const used = before.metadata.weights === 'averaged' ? averageOf(before.tensors) : before.tensors;
    const bias = used.get('decoder.b')?.data;
    before.metadata.vocabulary.forEach((symbol, row) => {
      const place = after.metadata.vocabulary.indexOf(symbol);
      expect(after.tensors.get('decoder.b')?.data[place]).toBe(bias?.[row]);
    });
  });

  test('a model of bytes learns the bytes of another encoding', async () => {
    const latin = join(folder, 'latin.txt');
    writeFileSync(latin, Buffer.from('ab \xe9\n'.repeat(3000), 'latin1'));
    const utf8 = writeText(folder, 'utf8.txt', 'ab é c\n'.repeat(3000));
    const bytes = ['--symbols', 'bytes'];
    expect(await trainOn(latin, ...bytes, '--name', 'latin')).toMatchObject({ code: 0 });
    const refused = await trainOn(utf8, '--init-from', 'latin', '--vocabulary', 'widen');
    expect(refused.stderr).toContain('The checkpoint reads and writes bytes, this run characters.');
    for (const [choice, symbols, characters] of [
      ['widen', ['\n', ' ', 'a', 'b', 'c', '\u00a9', '\u00c3', '\u00e9'], 8 * 3000],
      ['keep', ['\n', ' ', 'a', 'b', '\u00e9'], 5 * 3000],
    ] as const) {
      const words = ['--init-from', 'latin', '--vocabulary', choice, '--name', `utf8-${choice}`, '--json'];
      const { stdout } = await trainOn(utf8, ...bytes, ...words);
      const all = jsonLines(stdout).map((line) => trainEvent.parse(line));
      expect(only(all, 'start')[0]?.characters).toBe(characters);
      const path = only(all, 'checkpoint')[0]?.path ?? '';
      expect((await readCheckpointHeader(path)).metadata.vocabulary).toEqual(symbols);
    }
  });
});

describe.each(['keep', 'widen'] as const)('a run with the choice %s resumes exactly', (vocabulary) => {
  const runs = join(folder, `resumed-${vocabulary}`);
  let request: Parameters<typeof session>[0];
  let whole: Awaited<ReturnType<typeof session>>;
  beforeAll(async () => {
    // char-rnn's recipe, whatever the default: the model is the checkpoint's.
    const part = writeText(folder, `part-${vocabulary}.txt`, text.slice(0, 3000));
    request = { text: part, initFrom: alice, vocabulary, settings: quickSettings, runs };
    whole = await session(request);
  });

  test('stopped, even if the checkpoint it started from is missing', async () => {
    for (const stopAfter of [1, 8, 30]) {
      const { outcome } = await session({ ...request, stopAfter });
      if (stopAfter === 30) rmSync(join(outcome.folder, 'initial.safetensors'));
      await session({ resume: outcome.folder });
      expect(checkpointDigests(outcome.folder)).toMatchObject(checkpointDigests(whole.outcome.folder));
    }
    const record = await readRunRecord(whole.outcome.folder);
    expect(record).toMatchObject({ vocabulary: { choice: vocabulary }, initializedFrom: basename(alice) });
  });

  test('before its first checkpoint', async () => {
    const { outcome } = await session({ ...request, stopAfter: 3 });
    rmSync(join(outcome.folder, 'checkpoints'), { recursive: true });
    rmSync(join(outcome.folder, 'resume.safetensors'), { force: true });
    await session({ resume: outcome.folder });
    expect(checkpointDigests(outcome.folder)).toEqual(checkpointDigests(whole.outcome.folder));
  });

  test.skipIf(process.platform === 'win32')('killed at random moments', { timeout: 120_000 }, async () => {
    const { text: part = '', settings = {}, initFrom = '' } = request;
    const { run, kills } = await killUntilDone({ text: part, settings, initFrom, vocabulary, runs }, 11);
    expect(kills).toBeGreaterThan(0);
    expect(checkpointDigests(run)).toEqual(checkpointDigests(whole.outcome.folder));
    expect(metricLines(run)).toEqual(metricLines(whole.outcome.folder));
  });
});
