import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  checkpointsResult,
  evalResult,
  runsResult,
  sampleResult,
  showResult,
  type CheckpointsResult,
} from '../../src/cli/json-output.ts';
import { charloom, startCharloom } from '../support/processes.ts';
import { noise, quickModel, temporaryFolder, wordyText, writeText } from '../support/texts.ts';

const folder = temporaryFolder('models');
const env = { CHARLOOM_HOME: join(folder, 'home') };
const runs = join(env.CHARLOOM_HOME, 'runs');
const words = writeText(folder, 'words.txt', wordyText(20_000));

async function json(line: readonly string[]): Promise<unknown> {
  const { code, stdout, stderr } = await charloom([...line, '--json'], { env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

async function listed(run: string): Promise<CheckpointsResult> {
  return checkpointsResult.parse(await json(['checkpoints', run]));
}

beforeAll(async () => {
  const start = [
    'train',
    words,
    ...quickModel,
    '--learning-rate',
    '0.01',
    '--max-iterations',
    '300',
    '--eval-every',
    '100',
  ];
  expect(await charloom(start, { env })).toMatchObject({ code: 0 });
});

describe('charloom sample', () => {
  test('streams the opening words and as many characters as asked for, the same for the same seed', async () => {
    const line = ['sample', 'words', '--prime-text', 'the sea', '--length', '300', '--seed', '7'];
    const { code, stdout, stderr } = await charloom(line, { env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^the sea[\s\S]{300}\n$/);
    const result = sampleResult.parse(await json(line));
    expect(`${result.prime_text}${result.text}\n`).toBe(stdout);
    expect(result).toMatchObject({
      prime_text: 'the sea',
      symbols: 300,
      seed: 7,
      stopped: false,
      replaced: [],
    });
    expect((await charloom([...line, '--seed', '8'], { env })).stdout).not.toBe(stdout);
  });

  test('a run means its best checkpoint', async () => {
    const [best] = (await listed('words')).checkpoints;
    const byRun = sampleResult.parse(await json(['sample', 'words', '--length', '50']));
    const byPath = sampleResult.parse(await json(['sample', best?.path ?? '', '--length', '50']));
    const byFolder = sampleResult.parse(await json(['sample', join(runs, 'words'), '--length', '50']));
    expect([byRun, byFolder]).toEqual([byPath, byPath]);
  });

  test('what the model does not know is replaced or left out, and said', async () => {
    const line = ['sample', 'words', '--prime-text', 'thé☃ ‘sea’', '--length', '5'];
    const { stdout, stderr } = await charloom(line, { env });
    expect(stdout).toMatch(/^the sea/);
    expect(stderr).toMatch(/^The model does not know é .*: it is replaced with e\.$/m);
    expect(stderr).toMatch(/^The model does not know ☃ .*: it is left out\.$/m);
    const { replaced, prime_text: prime } = sampleResult.parse(await json(line));
    expect(prime).toBe('the sea');
    expect(replaced).toContainEqual({ character: 'é', count: 1, replacement: 'e' });
    expect(replaced).toContainEqual({ character: '☃', count: 1, replacement: null });
  });

  test('greedy writing needs no seed, and the stop text ends it', async () => {
    const greedy = ['sample', 'words', '--prime-text', 'the ', '--greedy', '--length', '80'];
    const one = sampleResult.parse(await json([...greedy, '--seed', '1']));
    const two = sampleResult.parse(await json([...greedy, '--seed', '2']));
    expect(one.text).toBe(two.text);
    const stopped = sampleResult.parse(await json(['sample', 'words', '--stop', '.\n', '--length', '5000']));
    expect(stopped.stopped).toBe(true);
    expect(stopped.text.indexOf('.\n')).toBe(stopped.text.length - 2);
  });

  test('a closed pipe ends it without a message', async () => {
    const running = startCharloom(['sample', 'words', '--length', '100000000'], { env });
    await running.line(() => true);
    running.process.stdout?.destroy();
    expect(await running.finished).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('charloom eval', () => {
  test('reproduces the validation loss bit for bit', async () => {
    for (const { path, val_loss: loss } of (await listed('words')).checkpoints) {
      const result = evalResult.parse(await json(['eval', path, words, '--split', 'val']));
      expect(result.loss).toBe(loss);
      expect(result.perplexity).toBeCloseTo(Math.exp(loss ?? 0), 10);
    }
  });

  test('the loss of the whole text combines those of the splits', async () => {
    const measure = async (split: string) =>
      evalResult.parse(await json(['eval', 'words', words, '--split', split]));
    const [all, train, validation] = [await measure('all'), await measure('train'), await measure('val')];
    expect(all.chunks).toBe(train.chunks + validation.chunks);
    expect(all.characters).toBe(20_000);
    // Each split starts from zero state, the whole text only once: nearly the same.
    const mean = ((train.loss ?? 0) * train.chunks + (validation.loss ?? 0) * validation.chunks) / all.chunks;
    expect(Math.abs((all.loss ?? 0) - mean)).toBeLessThan(0.01);
  });

  test('another text: unknown characters are reported, a short text is read in one chunk, an empty split is refused', async () => {
    const other = writeText(folder, 'other.txt', 'The “sea” was calm.');
    const { code, stdout, stderr } = await charloom(['eval', 'words', other], { env });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^loss +\d\.\d{4} nats per character/m);
    expect(stderr).toMatch(/does not know T, here 1 time: it is replaced with t/);
    expect(await charloom(['eval', 'words', other, '--split', 'test'], { env })).toMatchObject({
      code: 2,
      stdout: '',
    });
  });
});

describe('charloom checkpoints', () => {
  test('lists them best first', async () => {
    const { run, checkpoints, verdict } = await listed('words');
    expect(run).toBe(join(runs, 'words'));
    const losses = checkpoints.map(({ val_loss: loss }) => loss ?? Infinity);
    expect(losses).toEqual(losses.toSorted((a, b) => a - b));
    expect(checkpoints.map(({ best }) => best)).toEqual([true, false, false]);
    // As planned: the modern recipe's learning rate has reached zero.
    expect(verdict.kind).toBe('complete');
  });

  test('reports overfitting, and which checkpoint to use', async () => {
    const text = writeText(folder, 'noise.txt', noise(6000));
    const shape = [
      '--rnn-size',
      '64',
      '--num-layers',
      '1',
      '--batch-size',
      '5',
      '--seq-length',
      '20',
      '--threads',
      '1',
    ];
    const half = ['--train-frac', '0.5', '--val-frac', '0.5', '--learning-rate', '0.01'];
    const schedule = ['--max-iterations', '1200', '--eval-every', '100'];
    const trained = await charloom(['train', text, ...shape, ...half, ...schedule], { env });
    expect(trained.stdout).toMatch(/^Overfitting since epoch /m);
    const { checkpoints, verdict } = await listed('noise');
    expect(verdict).toMatchObject({ kind: 'overfitting', since_epoch: checkpoints[0]?.epoch });
    const { stdout } = await charloom(['checkpoints', 'noise'], { env });
    expect(stdout).toContain(`Overfitting since epoch ${checkpoints[0]?.epoch.toFixed(2)}`);
    expect(stdout).toContain(`Use the checkpoint of epoch ${checkpoints[0]?.epoch.toFixed(2)}`);
  });

  test('a damaged file is listed as damaged, and a file of another run as such', async () => {
    const sick = join(runs, 'sick');
    mkdirSync(join(sick, 'checkpoints'), { recursive: true });
    const healthy = join(runs, 'words');
    for (const name of ['run.json', 'metrics.jsonl']) copyFileSync(join(healthy, name), join(sick, name));
    const names = readdirSync(join(healthy, 'checkpoints'));
    names.forEach((name, index) => {
      const bytes = readFileSync(join(healthy, 'checkpoints', name));
      writeFileSync(join(sick, 'checkpoints', name), index === 0 ? bytes.subarray(0, 1000) : bytes);
    });
    const [foreign] = (await listed('noise')).checkpoints;
    copyFileSync(foreign?.path ?? '', join(sick, 'checkpoints', 'foreign.safetensors'));
    const { checkpoints, problems } = await listed('sick');
    expect(checkpoints).toHaveLength(2);
    expect(problems.map(({ problem }) => problem)).toEqual([
      'foreign.safetensors is a checkpoint of another run.',
      expect.stringContaining(`${names[0] ?? ''}: The checkpoint cannot be read: it is cut short`),
    ]);
  });
});

describe('charloom show', () => {
  test('says what a checkpoint is', async () => {
    const result = showResult.parse(await json(['show', 'words']));
    expect(result).toMatchObject({ model: 'lstm', rnn_size: 16, num_layers: 1, iterations_per_epoch: 190 });
    expect(result.vocabulary).toEqual([...new Set(readFileSync(words, 'utf8'))].sort());
    expect(result.settings).toMatchObject({ 'learning-rate': 0.01, 'eval-every': 100, name: 'words' });
    const parameters = result.tensors.filter(({ name }) => !/^(optimizer|average|state)/.test(name));
    const numbers = parameters.reduce(
      (total, { shape }) => total + shape.reduce((size, side) => size * side, 1),
      0,
    );
    expect(result.parameters).toBe(numbers);
    expect((await charloom(['show', 'words'], { env })).stdout).toMatch(/^model +lstm 1x16, /m);
  });

  test('gives the margin of the loss inside a run, and none for a file outside of one', async () => {
    const [best, , last] = (await listed('words')).checkpoints;
    const shown = showResult.parse(await json(['show', 'words']));
    expect(shown).toMatchObject({ is_best_of_run: true, within_chance_of_best: true });
    // The same chunks measured by another command give the same loss.
    const measured = evalResult.parse(await json(['eval', 'words', words, '--split', 'val']));
    expect(shown.val_loss_margin).toBeCloseTo(measured.loss_margin ?? Number.NaN, 4);
    expect(best?.val_loss_margin).toBe(shown.val_loss_margin);
    const text = (await charloom(['show', last?.path ?? ''], { env })).stdout;
    expect(text).toMatch(/^loss +validation \d\.\d{4} ± 0\.\d{4}, above the lowest of its run \(/m);
    const alone = join(folder, 'alone.safetensors');
    copyFileSync(best?.path ?? '', alone);
    expect(showResult.parse(await json(['show', alone]))).toMatchObject({
      ...{ val_loss: shown.val_loss, val_loss_margin: null },
      ...{ is_best_of_run: null, within_chance_of_best: null },
    });
  });

  test('finds damage in the numbers, too', async () => {
    const bytes = readFileSync(showResult.parse(await json(['show', 'words'])).path);
    bytes[bytes.length - 3] = (bytes.at(-3) ?? 0) ^ 1;
    const damaged = join(folder, 'damaged.safetensors');
    writeFileSync(damaged, bytes);
    const { code, stdout, stderr } = await charloom(['show', damaged], { env });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('checksum does not match');
  });

  test('a file that is no checkpoint is refused with a sentence', async () => {
    const { code, stderr } = await charloom(['show', words], { env });
    expect(code).toBe(2);
    expect(stderr).toContain('words.txt: The checkpoint cannot be read: this is not a safetensors file.');
  });
});

describe('charloom runs', () => {
  test('lists them newest first, a damaged one with its problem', async () => {
    mkdirSync(join(runs, 'broken'));
    writeFileSync(join(runs, 'broken', 'run.json'), '{"formatVersion":1,');
    mkdirSync(join(runs, 'not a run'));
    const { runs_folder: where, runs: found } = runsResult.parse(await json(['runs']));
    expect(where).toBe(runs);
    const names = found.map(({ name }) => name);
    expect(names.indexOf('noise')).toBeLessThan(names.indexOf('words'));
    expect(names.at(-1)).toBe('broken');
    expect(names).not.toContain('not a run');
    expect(found.at(-1)).toMatchObject({
      status: 'damaged',
      problem: expect.stringContaining('run.json is damaged'),
    });
    expect(found.find(({ name }) => name === 'words')).toMatchObject({
      status: 'finished',
      i: 300,
      checkpoints: 3,
      model: 'lstm',
    });
    const { stdout } = await charloom(['runs'], { env });
    expect(stdout).toMatch(/^words +finished +lstm 1x16 +1\.58 +300 of 300 +3 /m);
    expect(stdout).toContain('run.json is damaged');
  });

  test('a folder without runs says how to make one', async () => {
    const { code, stdout } = await charloom(['runs', '--out', join(folder, 'nowhere')], { env });
    expect(code).toBe(0);
    expect(stdout).toContain('There are no runs in');
  });
});
