import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { benchResult, verifyResult } from '../../src/cli/json-output.ts';
import { charloom, root } from '../support/processes.ts';

const folder = mkdtempSync(join(tmpdir(), 'charloom-machine-'));

describe('charloom verify', () => {
  test('replays the bundled golden numbers well below the tolerance', async () => {
    const { code, stdout, stderr } = await charloom(['verify', '--json', '--threads', '2']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const result = verifyResult.parse(JSON.parse(stdout));
    expect(result.fixtures.map(({ fixture }) => fixture)).toEqual([
      'lstm',
      'gru',
      'rnn',
      'lstm-ln',
      'gru-ln',
      'rnn-ln',
      'lstm-ln-residual',
      'gru-ln-residual',
      'rnn-ln-residual',
    ]);
    expect(result.passed).toBe(true);
    expect(result.max_relative_error).toBeGreaterThan(0);
    // Float32 keeps 6e-8; sums of some dozen terms over three steps cost a digit.
    const plain = result.fixtures.filter(({ fixture }) => !fixture.includes('-ln'));
    expect(plain).toHaveLength(3);
    for (const { loss, gradients, state, parameters } of plain)
      expect(
        Math.max(...[loss, gradients, state, parameters].map((error) => error ?? Infinity)),
      ).toBeLessThan(2e-6);
    // A norm over three nearly equal units magnifies what was rounded before it.
    expect(result.max_relative_error).toBeLessThan(5e-4);
  });

  test('ends with 1 when the numbers are wrong', async () => {
    const golden = readFileSync(join(root, 'src/engine/verification/fixtures/gru.json'), 'utf8');
    const fixture = JSON.parse(golden) as { steps: { loss: number }[] };
    const [first] = fixture.steps;
    if (first !== undefined) first.loss *= 1.01;
    const file = join(folder, 'wrong.json');
    writeFileSync(file, JSON.stringify(fixture));
    const { code, stdout, stderr } = await charloom(['verify', '--fixture', file, '--json']);
    expect(code).toBe(1);
    expect(verifyResult.parse(JSON.parse(stdout))).toMatchObject({ passed: false });
    expect(stderr).toMatch(/^charloom: The results are off/);
  });

  test.each([
    ['no-such-file.json', undefined],
    ['empty.json', ''],
    ['foreign.json', '{"model":"lstm"}'],
    ['list.json', '[]'],
  ])('a file that holds no golden numbers is bad input: %s', async (name, content) => {
    const file = join(folder, name);
    if (content !== undefined) writeFileSync(file, content);
    const { code, stdout, stderr } = await charloom(['verify', '--fixture', file]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('charloom: ');
  });
});

describe('charloom bench', () => {
  const small = [
    '--rnn-size',
    '16',
    '--num-layers',
    '1',
    '--batch-size',
    '5',
    '--seq-length',
    '10',
    '--steps',
    '5',
  ];

  test('measures both ways and prints one JSON object', async () => {
    const { code, stdout } = await charloom(['bench', '--json', '--threads', '1', ...small]);
    expect(code).toBe(0);
    const result = benchResult.parse(JSON.parse(stdout));
    expect(result).toMatchObject({ backend: 'wasm', threads: 1, steps: 5, rnn_size: 16, parameters: 6417 });
    expect((result.chars_per_s * result.ms_per_step) / 50_000).toBeCloseTo(1, 4);
    expect(result.ms_per_step_without_revectorize).not.toBeNull();
  });

  test('measures normalised cells and residual layers', async () => {
    const variant = ['--layer-norm', '--residual', 'on', '--num-layers', '2'];
    const { code, stdout } = await charloom(['bench', '--json', '--no-compare', ...small, ...variant]);
    expect(code).toBe(0);
    // Two gains of 4 * 16 a layer, and of the cell state a gain and a bias of 16.
    const parameters = 6417 + 4 * 16 * (16 + 16 + 2) + 2 * (2 * 4 * 16 + 2 * 16);
    expect(benchResult.parse(JSON.parse(stdout))).toMatchObject({
      layer_norm: true,
      residual: true,
      parameters,
    });
  });

  test('reads a text of your own', async () => {
    const text = join(folder, 'text.txt');
    writeFileSync(text, 'abcdefg '.repeat(100));
    const { code, stdout } = await charloom(['bench', '--json', '--no-compare', '--text', text, ...small]);
    expect(code).toBe(0);
    expect(benchResult.parse(JSON.parse(stdout)).vocabulary_size).toBe(8);
  });

  test('prints the same as sentences', async () => {
    const { stdout } = await charloom(['bench', '--no-compare', '--model', 'rnn', ...small]);
    expect(stdout).toMatch(/^training step .* ms \(median of 5\)$/m);
    expect(stdout).toMatch(/^writing .* characters a second$/m);
  });
});
