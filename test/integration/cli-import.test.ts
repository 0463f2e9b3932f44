import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  checkpointsResult,
  evalResult,
  importResult,
  insideResult,
  runsResult,
  sampleResult,
  showResult,
} from '../../src/cli/json-output.ts';
import { readMetrics } from '../../src/runs/history.ts';
import { charloom } from '../support/processes.ts';
import { t7Fixture, t7References } from '../support/t7-files.ts';
import { temporaryFolder } from '../support/texts.ts';

const folder = temporaryFolder('cli-import');
const runs = join(folder, 'runs');
const env = { CHARLOOM_HOME: join(folder, 'home') };
const verse = join(folder, 'verse.txt');
const out = ['--out', runs] as const;

function run(...words: readonly string[]): ReturnType<typeof charloom> {
  return charloom(words, { env });
}

function put(name: string, fixture: string): string {
  const path = join(folder, name);
  writeFileSync(path, t7Fixture(fixture));
  return path;
}

beforeAll(() => {
  writeFileSync(
    verse,
    'The king is dead, and all the court is sad:\nNow speak, good sir, of what thou hast to do.\n'.repeat(40),
  );
});

describe('charloom import', () => {
  const reference = t7References['gru-2x64'];

  test('says what it has imported, and where it is', async () => {
    const { code, stdout, stderr } = await run(
      'import',
      put('lm_kings_epoch0.47_2.4050.t7', 'gru-2x64'),
      ...out,
      '--json',
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const result = importResult.parse(JSON.parse(stdout));
    expect(result).toEqual({
      model: 'gru',
      rnn_size: 64,
      num_layers: 2,
      symbols: 'characters',
      vocabulary_size: 65,
      validation_loss: expect.closeTo(reference?.validation_loss ?? 0, 10) as number,
      checkpoint: join(runs, 'kings', 'checkpoints', 'lm_kings_epoch0.47_2.4050.safetensors'),
      run: join(runs, 'kings'),
      program: 'char-rnn',
      recorded_losses: 201,
    });
    const { steps, evaluations } = await readMetrics(result.run);
    expect([steps.length, evaluations.length]).toEqual([200, 1]);
    expect(steps.at(-1)?.epoch).toBeCloseTo(reference?.epoch ?? 0, 10);
  });

  test('the run is listed, and its checkpoint says where it comes from', async () => {
    const listed = runsResult.parse(JSON.parse((await run('runs', ...out, '--json')).stdout));
    expect(listed.runs).toMatchObject([{ name: 'kings', status: 'imported', checkpoints: 1, text: '' }]);
    const shown = showResult.parse(JSON.parse((await run('show', 'kings', ...out, '--json')).stdout));
    expect(shown.imported_from).toEqual({ program: 'char-rnn', file: 'lm_kings_epoch0.47_2.4050.t7' });
    expect((await run('show', 'kings', ...out)).stdout).toMatch(
      /text +not known\norigin +imported from char-rnn/,
    );
    const list = checkpointsResult.parse(
      JSON.parse((await run('checkpoints', 'kings', ...out, '--json')).stdout),
    );
    expect(list.checkpoints).toMatchObject([{ best: true, i: 200 }]);
  });

  test('says that a model is there already, and as which run', async () => {
    const twice = ['--out', join(folder, 'twice')] as const;
    const file = put('lm_twins_epoch0.47_2.4050.t7', 'gru-2x64');
    expect(await run('import', file, ...twice)).toMatchObject({ code: 0, stderr: '' });
    const again = await run('import', file, ...twice, '--json');
    expect({ code: again.code, stderr: again.stderr }).toEqual({
      code: 0,
      stderr: 'This model was imported before, as twins; twins-2 is a second copy of it.\n',
    });
    expect(importResult.parse(JSON.parse(again.stdout)).run).toBe(join(folder, 'twice', 'twins-2'));
  });

  test('an empty folder, and one without a model, are called folders', async () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    expect(await run('import', empty, ...out)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('There are no files in the folder empty.') as string,
    });
    writeFileSync(join(empty, 'notes.txt'), 'no model\n');
    expect((await run('import', empty, ...out)).stderr).toContain('This folder holds no model');
  });

  test('it writes and is measured', async () => {
    const words = [
      'sample',
      'kings',
      ...out,
      '--prime-text',
      'The ',
      '--length',
      '60',
      '--seed',
      '4',
      '--json',
    ];
    const written = sampleResult.parse(JSON.parse((await run(...words)).stdout));
    expect(JSON.stringify(written)).toContain('The ');
    const measured = await run('eval', 'kings', verse, ...out, '--backend', 'wasm', '--json');
    // It knows English letters; by chance each of 65 would cost ln 65.
    expect(evalResult.parse(JSON.parse(measured.stdout)).loss).toBeLessThan(Math.log(65) - 1);
  });

  test('refuses with a sentence what needs more than the file holds: resuming, and comparing with the text', async () => {
    const resumed = await run('train', '--resume', 'kings', ...out);
    expect(resumed.code).toBe(2);
    expect(resumed.stderr).toMatch(/imported without the memory of its optimiser.*\n.*new run/s);
    const compared = await run('copies', 'kings', verse, ...out);
    expect(compared.code).toBe(2);
    expect(compared.stderr).toMatch(/does not say which text it was trained on.*--text FILE/s);
    const named = await run('copies', 'kings', verse, '--text', verse, ...out);
    expect({ code: named.code, stderr: named.stderr }).toEqual({ code: 0, stderr: '' });
  });

  test('it starts a new run, which continues to learn', async () => {
    const sizes = ['--batch-size', '5', '--seq-length', '20', '--max-iterations', '6', '--eval-every', '6'];
    const settings = [
      '--recipe',
      'char-rnn',
      '--val-frac',
      '0.2',
      '--train-frac',
      '0.8',
      '--backend',
      'wasm',
      ...sizes,
    ];
    const trained = await run(
      'train',
      verse,
      '--name',
      'next',
      '--init-from',
      'kings',
      '--vocabulary',
      'keep',
      ...settings,
      ...out,
    );
    expect(trained.stderr).not.toMatch(/charloom:/);
    expect(trained.code).toBe(0);
    const { steps } = await readMetrics(join(runs, 'next'));
    expect(steps).toHaveLength(6);
    // From random parameters the first loss is ln 65, 4.17.
    expect(steps[0]?.loss).toBeLessThan(3);
  });

  test('of torch-rnn, in ASCII, of bytes, and of May 2015', async () => {
    for (const [file, fixture, symbols, recorded] of [
      ['checkpoint_100.t7', 'torch-rnn-rnn-1x64', 'characters', 101],
      ['ascii.t7', 'ascii-lstm-1x32', 'characters', 101],
      ['bytes.t7', 'bytes-lstm-1x16', 'bytes', 412],
      ['old.t7', 'may-2015-lstm-2x48', 'characters', 701],
    ] as const) {
      const { stdout } = await run('import', put(file, fixture), ...out, '--json');
      expect(importResult.parse(JSON.parse(stdout)), file).toMatchObject({
        symbols,
        recorded_losses: recorded,
      });
    }
  });

  test('it can be looked inside with a text', async () => {
    const { code, stdout } = await run(
      'inside',
      'kings',
      ...out,
      '--text',
      verse,
      '--property',
      'word-start',
      '--json',
    );
    expect(code).toBe(0);
    const { properties, reach } = insideResult.parse(JSON.parse(stdout));
    expect(properties.map(({ name }) => name)).toEqual(['word-start']);
    // More context predicts better.
    expect(reach.at(-1)?.loss).toBeLessThan(reach[0]?.loss ?? 0);
  });

  test('it is exported as a page, which imports as the same model', async () => {
    const page = join(folder, 'kings.html');
    expect(await run('export', 'kings', ...out, '--to', 'page', '--output', page)).toMatchObject({ code: 0 });
    const { code, stdout } = await run('import', page, ...out, '--json');
    expect(code).toBe(0);
    const back = importResult.parse(JSON.parse(stdout));
    expect(back).toMatchObject({ model: 'gru', rnn_size: 64, num_layers: 2, vocabulary_size: 65 });
    const write = ['--prime-text', 'The ', '--length', '200', '--seed', '5'];
    const [original, copy] = [
      await run('sample', 'kings', ...out, ...write),
      await run('sample', back.run, ...write),
    ];
    expect(copy.stdout).toBe(original.stdout);
  });

  test('an unsupported model is refused with a fix, and leaves nothing', async () => {
    const before = readdirSync(runs);
    const refused = await run('import', put('bn.t7', 'torch-rnn-batchnorm'), ...out);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/batch normalisation.*\n +Train it/s);
    for (const path of [verse, join(folder, 'nothing.t7')]) {
      expect((await run('import', path, ...out)).code).toBe(2);
    }
    mkdirSync(join(folder, 'empty'), { recursive: true });
    expect((await run('import', join(folder, 'empty'), ...out)).stderr).toMatch(/no model/);
    expect(readdirSync(runs)).toEqual(before);
  });
});
