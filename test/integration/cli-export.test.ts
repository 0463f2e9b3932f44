import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { exportJson } from '../../src/cli/json-output.ts';
import { openArchive } from '../../src/engine/documents/archive.ts';
import { writeCheckpoint } from '../../src/node/files/checkpoint-files.ts';
import { exchangeCheckpoint } from '../support/exchange.ts';
import { charloom } from '../support/processes.ts';
import { temporaryFolder } from '../support/texts.ts';

const folder = temporaryFolder('cli-export');
const checkpoint = join(folder, 'lm.safetensors');
const env = { CHARLOOM_HOME: join(folder, 'home') };

beforeAll(() =>
  writeCheckpoint(checkpoint, exchangeCheckpoint({ title: '', spec: { model: 'gru', numLayers: 2 } })),
);

function exportTo(...words: readonly string[]): ReturnType<typeof charloom> {
  return charloom(['export', checkpoint, ...words], { env });
}

describe('charloom export', () => {
  test('writes a folder, and says how it was checked', async () => {
    const output = join(folder, 'as-onnx');
    const { code, stdout, stderr } = await exportTo('--to', 'onnx', '--output', output, '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const result = exportJson.parse(JSON.parse(stdout));
    expect(result).toMatchObject({ format: 'onnx', path: output });
    expect(result.checked.symbols).toBe(100);
    expect(result.checked.largest_difference).toBeLessThan(1e-4);
    const names = readdirSync(output);
    expect(names.toSorted()).toEqual(['README.md', 'model.onnx', 'test-vector.json', 'vocabulary.json']);
    expect(result.bytes).toBe(names.reduce((sum, name) => sum + readFileSync(join(output, name)).length, 0));
    const vector = z
      .object({
        symbols: z.array(z.int()).length(20),
        logits: z.array(z.array(z.number()).length(15)).length(20),
      })
      .parse(JSON.parse(readFileSync(join(output, 'test-vector.json'), 'utf8')));
    expect(new Set(vector.symbols).size).toBeGreaterThan(10);
  });

  test('writes the same files into an archive, byte for byte the same each time', async () => {
    const [first, second] = [join(folder, 'a', 'net.zip'), join(folder, 'b', 'net.zip')];
    for (const output of [first, second]) {
      expect(await exportTo('--to', 'onnx', '--output', output)).toMatchObject({ code: 0 });
    }
    const bytes = readFileSync(first);
    expect(bytes.equals(readFileSync(second))).toBe(true);
    const archive = await openArchive(bytes, 'net.zip');
    const names = ['model.onnx', 'vocabulary.json', 'test-vector.json', 'README.md'];
    expect(archive.names).toEqual(names.map((name) => `net/${name}`));
    expect(Buffer.from((await archive.read('net/model.onnx')) ?? [])).toEqual(
      readFileSync(join(folder, 'as-onnx', 'model.onnx')),
    );
    expect(readdirSync(join(folder, 'a'))).toEqual(['net.zip']);
  });

  test('replaces nothing', async () => {
    const before = readFileSync(checkpoint);
    const { code, stderr } = await exportTo('--to', 'onnx', '--output', checkpoint);
    expect(code).toBe(2);
    expect(stderr).toContain('There is already a file or folder named lm.safetensors.');
    expect(readFileSync(checkpoint)).toEqual(before);
  });

  test('refuses a model that the format cannot hold, with a sentence, and leaves nothing', async () => {
    const { code, stderr } = await exportTo('--to', 'ml5', '--output', join(folder, 'sketch'));
    expect(code).toBe(2);
    expect(stderr).toContain(
      'ml5 writes with an LSTM of exactly 2 layers, and this model is a GRU of 2 layers.',
    );
    expect(stderr).toContain('Export it to TensorFlow.js, ONNX or PyTorch');
    expect(existsSync(join(folder, 'sketch'))).toBe(false);
  });

  test('lists the formats', async () => {
    const { code, stderr } = await exportTo('--to', 'onxn');
    expect(code).toBe(2);
    expect(stderr).toContain('Did you mean --to onnx?');
    expect(existsSync(join(folder, 'tiny-onnx'))).toBe(false);
  });
});
