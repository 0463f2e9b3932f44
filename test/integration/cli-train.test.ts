import { resolvePreset } from '../../src/shared/planning/presets.ts';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { charloom } from '../support/processes.ts';
import { events, only } from '../support/train-events.ts';
import { quickModel, temporaryFolder, wordyText, writeText } from '../support/texts.ts';

const folder = temporaryFolder('train');
const novel = writeText(folder, 'My novel, 3rd.txt', wordyText(20_000));
const env = { CHARLOOM_HOME: join(folder, 'home') };

function train(words: readonly string[]) {
  return charloom(['train', novel, ...quickModel, ...words], { env });
}

describe('charloom train --json', () => {
  test('reports every step, evaluation and checkpoint, and names the run after the text', async () => {
    const out = join(folder, 'told');
    const { code, stdout, stderr } = await train([
      '--json',
      '--out',
      out,
      '--max-iterations',
      '25',
      '--eval-every',
      '10',
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const all = events(stdout);
    const run = join(out, 'My novel 3rd');
    expect(all[0]).toMatchObject({
      event: 'start',
      run,
      resumed: false,
      i: 0,
      iterations: 25,
      characters: 20_000,
    });
    const steps = only(all, 'step');
    expect(steps.map(({ i }) => i)).toEqual(Array.from({ length: 25 }, (_, index) => index + 1));
    // Before it has learned anything every symbol is as likely as any other.
    const chance = Math.log(only(all, 'start')[0]?.vocabulary_size ?? 0);
    expect(Math.abs((steps[0]?.loss ?? 0) - chance)).toBeLessThan(0.1);
    expect(steps.at(-1)?.loss).toBeLessThan(chance - 0.2);
    expect(only(all, 'eval').map(({ i }) => i)).toEqual([10, 20, 25]);
    const kept = only(all, 'checkpoint');
    expect(kept.map(({ i, reason }) => [i, reason])).toEqual([
      [10, 'scheduled'],
      [20, 'scheduled'],
      [25, 'end'],
    ]);
    for (const { path, epoch, val_loss: loss } of kept) {
      expect(path).toBe(
        join(run, 'checkpoints', `lm_My novel 3rd_epoch${epoch.toFixed(2)}_${loss?.toFixed(4)}.safetensors`),
      );
      expect(existsSync(path)).toBe(true);
    }
    const best = kept.toSorted((a, b) => (a.val_loss ?? 0) - (b.val_loss ?? 0))[0];
    expect(all.at(-1)).toMatchObject({ event: 'done', run, end: 'finished', i: 25, best: best?.path });
  });

  test('says on standard error that a name is taken, and what the run is called instead', async () => {
    const words = ['--json', '--out', join(folder, 'taken'), '--name', 'mine', '--max-iterations', '2'];
    expect(await train(words)).toMatchObject({ code: 0, stderr: '' });
    const { code, stdout, stderr } = await train(words);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'There is already a run named mine, so this one is mine-2.\n',
    });
    expect(events(stdout)[0]).toMatchObject({ event: 'start', run: join(folder, 'taken', 'mine-2') });
  });

  test('trains on the bundled book without a text', async () => {
    const words = [
      'train',
      '--json',
      '--max-iterations',
      '2',
      '--rnn-size',
      '8',
      '--num-layers',
      '1',
      '--eval-every',
      '5',
    ];
    const { code, stdout } = await charloom(words, { env });
    expect(code).toBe(0);
    const [start] = only(events(stdout), 'start');
    expect(start?.characters).toBeGreaterThan(1_000_000);
    expect(start?.run).toBe(join(env.CHARLOOM_HOME, 'runs', 'moby-dick'));
  });
});

test('a preset chooses settings for its text, and options take precedence', async () => {
  const options = ['--json', '--preset', 'good', '--rnn-size', '8', '--max-iterations', '3'];
  const { code, stdout } = await charloom(['train', ...options], { env });
  expect(code).toBe(0);
  const [start] = only(events(stdout), 'start');
  const record = JSON.parse(readFileSync(join(start?.run ?? '', 'run.json'), 'utf8')) as { settings: object };
  const text = { characters: start?.characters ?? 0, vocabularySize: start?.vocabulary_size ?? 0 };
  expect(record.settings).toMatchObject({ ...resolvePreset('good', text), rnnSize: 8, maxIterations: 3 });
});

describe('the messages of charloom train', () => {
  test('says what it trains on, how it went, and what to do next', async () => {
    const { code, stdout, stderr } = await train([
      '--name',
      'words',
      '--max-iterations',
      '20',
      '--eval-every',
      '10',
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^text .*20,000 characters \(utf-8\)$/m);
    expect(stdout).toMatch(
      /^epoch .*, iteration 10: loss \d\.\d{4}, validation loss \d\.\d{4} \((averaged|trained) weights; (trained|averaged) \d\.\d{4}\)$/m,
    );
    expect(stdout).toMatch(/^recipe +Layer-normalised, averaged weights, learning rate falls to zero\.$/m);
    expect(stdout).toMatch(/^ {2}kept lm_words_epoch\d\.\d\d_\d\.\d{4}\.safetensors {2}\(best so far\)$/m);
    expect(stdout).toMatch(/^Finished in /m);
    expect(stdout).toContain('charloom sample words\n');
    expect(stdout).not.toContain('\u001b');
  });

  test('a text too short for the settings is refused before anything is written, and the proposed settings work', async () => {
    const short = writeText(folder, 'short.txt', wordyText(900));
    const out = join(folder, 'short');
    const refused = await charloom(['train', short, '--out', out], { env });
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(existsSync(out)).toBe(false);
    const [, batchSize, length] =
      /Batch size (\d+) and sequence length (\d+) would work/.exec(refused.stderr) ?? [];
    const fixed = [
      '--batch-size',
      batchSize ?? '',
      '--seq-length',
      length ?? '',
      '--rnn-size',
      '8',
      '--max-iterations',
      '3',
    ];
    expect(await charloom(['train', short, '--out', out, ...fixed], { env })).toMatchObject({ code: 0 });
  });

  test.each([
    [['no-such.txt'], 2, 'There is no file no-such.txt'],
    [[temporaryFolder('empty')], 2, 'is an empty folder'],
    [['--resume', 'nobody'], 2, 'There is no run or file named “nobody”'],
    [['--resume', 'x', '--init-from', 'y'], 2, '--init-from cannot be used with --resume'],
    [[novel, '--init-from', 'nothing.safetensors'], 2, 'There is no checkpoint at nothing.safetensors'],
    [[novel, '--backend', 'tensorflow'], 3, 'The TensorFlow engine is not installed'],
    [[novel, '--train-frac', '1', '--val-frac', '0'], 2, 'none of them is left for validation'],
  ])('%j ends with a sentence', async (words, code, sentence) => {
    const result = await charloom(['train', ...words], {
      env,
    });
    expect(result).toMatchObject({ code, stdout: '' });
    expect(result.stderr).toContain(sentence);
    expect(result.stderr).not.toContain('    at ');
  });
});

describe('an explosion', () => {
  const wild = ['--json', '--learning-rate', '10', '--max-iterations', '60', '--eval-every', '20'];

  test('stops the run with its own exit code', async () => {
    const { code, stdout, stderr } = await train(['--name', 'wild', ...wild]);
    expect(code).toBe(6);
    const all = events(stdout);
    expect(only(all, 'explosion')).toHaveLength(1);
    expect(all.at(-1)).toMatchObject({ event: 'done', end: 'exploded', verdict: { kind: 'exploded' } });
    expect(stderr).toMatch(/^charloom: The loss exploded at iteration \d+/);
  });

  test('is recovered from at half the learning rate, repeatedly', async () => {
    const { code, stdout } = await train([
      '--name',
      'tamed',
      '--recipe',
      'char-rnn',
      '--on-explosion',
      'recover',
      ...wild,
    ]);
    expect(code).toBe(0);
    const all = events(stdout);
    const explosions = only(all, 'explosion').length;
    expect(explosions).toBeGreaterThan(0);
    expect(only(all, 'step').at(-1)).toMatchObject({ i: 60, learning_rate: 10 / 2 ** explosions });
  });
});

test('a changed number of epochs replaces the maximum of iterations, and a notice says so', async () => {
  const size = [novel, ...quickModel, '--batch-size', '50', '--max-epochs', '2', '--max-iterations', '3'];
  const first = await charloom(['train', ...size, '--json', '--name', 'limited'], { env });
  expect(only(events(first.stdout), 'start')[0]).toMatchObject({ iterations: 3 });
  const resume = ['train', '--json', '--resume', 'limited'];
  const longer = await charloom([...resume, '--max-epochs', '3'], { env });
  expect(longer.code).toBe(0);
  const all = events(longer.stdout);
  expect(only(all, 'notice')[0]?.message).toContain('The maximum of 3 iterations no longer applies');
  const perEpoch = only(all, 'start')[0]?.iterations_per_epoch ?? 0;
  expect(perEpoch).toBeGreaterThan(3);
  expect(only(all, 'done')[0]).toMatchObject({ end: 'finished', i: 3 * perEpoch });
  // A maximum that is given keeps its meaning.
  const limit = String(3 * perEpoch + 2);
  const both = await charloom([...resume, '--max-epochs', '4', '--max-iterations', limit], { env });
  expect(only(events(both.stdout), 'done')[0]).toMatchObject({ i: 3 * perEpoch + 2 });
  expect(both.stdout).not.toContain('no longer applies');
});
