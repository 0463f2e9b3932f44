import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readCheckpoint } from '../../src/node/files/checkpoint-files.ts';
import { readRunRecord, runPaths } from '../../src/node/files/run-folder.ts';
import { defaultRunSettings } from '../../src/shared/domain/run-settings.ts';
import { recipeOf } from '../../src/shared/domain/recipes.ts';
import { charloom, jsonLines, root } from '../support/processes.ts';
import { temporaryFolder } from '../support/texts.ts';

const fixtures = join(root, 'test/fixtures/ba39210');
const before = (name: string): string => join(fixtures, 'home/runs', name);
const begun = join(before('tale-lstm'), 'checkpoints/lm_tale-lstm_epoch0.35_2.5891.safetensors');

// What was typed for the fixtures (their README), before there were recipes.
const common = [
  ...['--rnn-size', '6', '--num-layers', '1', '--batch-size', '2', '--seq-length', '10'],
  ...['--train-frac', '0.8', '--val-frac', '0.2', '--max-epochs', '3', '--max-iterations', '12'],
  ...['--eval-every', '6', '--threads', '1', '--backend', 'wasm'],
];
const runs: Readonly<Record<string, readonly string[]>> = {
  'tale-lstm': ['--model', 'lstm'],
  'tale-gru': ['--model', 'gru', '--dropout', '0.25', '--optimizer', 'adam', '--on-explosion', 'recover'],
  'tale-rnn': ['--model', 'rnn', '--symbols', 'bytes', '--line-ends', 'lf'],
  'tale-after': ['--model', 'lstm', '--init-from', begun],
};

/** Lines of a run's metrics without the time that each step took. */
function metrics(run: string): readonly unknown[] {
  return jsonLines(readFileSync(runPaths(run).metrics, 'utf8')).map((line) => ({
    ...(line as Record<string, unknown>),
    ms: 0,
  }));
}

/** Every tensor of every checkpoint as the bits of its numbers, by the checkpoint's name. */
async function tensors(run: string): Promise<ReadonlyMap<string, unknown>> {
  const folder = runPaths(run).checkpoints;
  const read = readdirSync(folder)
    .toSorted()
    .map(async (name) => {
      const checkpoint = await readCheckpoint(join(folder, name));
      const bits = [...checkpoint.tensors].map(([tensor, { shape, data }]) => [
        tensor,
        { shape, bits: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex') },
      ]);
      return [name, Object.fromEntries(bits) as unknown] as const;
    });
  return new Map(await Promise.all(read));
}

function lossesOf(run: string): readonly number[] {
  return metrics(run).flatMap((line) => {
    const { loss } = line as { readonly loss?: number };
    return loss === undefined ? [] : [loss];
  });
}

describe('--recipe char-rnn', () => {
  test.each(Object.entries(runs))('trains %s as commit ba39210 did, bit for bit', async (name, words) => {
    const out = temporaryFolder(name);
    const text = join(fixtures, 'tale.txt');
    const line = ['train', text, '--recipe', 'char-rnn', '--name', name, '--out', out, ...common, ...words];
    const { code, stderr } = await charloom(line);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const run = join(out, name);
    const [then, now] = [await readRunRecord(before(name)), await readRunRecord(run)];
    expect(now.settings).toEqual({ ...defaultRunSettings, ...then.settings });
    if (now.backend.device !== then.backend.device) {
      // Another kind of processor has other last digits.
      const losses = lossesOf(run);
      lossesOf(before(name)).forEach((loss, i) => expect(losses[i]).toBeCloseTo(loss, 3));
      return;
    }
    expect(metrics(run)).toEqual(metrics(before(name)));
    expect(await tensors(run)).toEqual(await tensors(before(name)));
  });
});

test('without a recipe a run uses the modern one, and given settings take precedence', async () => {
  const out = temporaryFolder('modern');
  const line = ['train', join(fixtures, 'tale.txt'), '--out', out, ...common, '--max-iterations', '1'];
  expect(await charloom([...line, '--name', 'plain'])).toMatchObject({ code: 0 });
  const { settings, spec } = await readRunRecord(join(out, 'plain'));
  expect(recipeOf(settings)).toBe('modern');
  expect(spec).toMatchObject({ layerNorm: true, residual: 'on' });
  const own = ['--name', 'own', '--no-layer-norm', '--learning-rate', '0.01', '--learning-rate-decay', '0.9'];
  const { code, stderr } = await charloom([...line, ...own]);
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: '--learning-rate-decay has no effect: Only the schedule by epochs uses it.\n',
  });
  expect((await readRunRecord(join(out, 'own'))).settings).toMatchObject({
    layerNorm: false,
    learningRate: 0.01,
    schedule: 'linear',
  });
});

test('a run that is resumed keeps its own recipe, and says so', async () => {
  const out = temporaryFolder('resumed');
  const line = ['train', join(fixtures, 'tale.txt'), '--out', out, '--name', 'r', ...common];
  expect(await charloom([...line, '--recipe', 'char-rnn'])).toMatchObject({ code: 0 });
  const { code, stderr } = await charloom([
    ...['train', '--out', out, '--resume', 'r', '--recipe', 'modern', '--max-iterations', '14'],
  ]);
  expect(code).toBe(0);
  expect(stderr).toContain('--recipe is ignored');
  expect(recipeOf((await readRunRecord(join(out, 'r'))).settings)).toBe('char-rnn');
});
