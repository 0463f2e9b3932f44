import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readCheckpoint } from '../../src/node/files/checkpoint-files.ts';
import { quickSettings, session } from '../support/sessions.ts';
import { temporaryFolder, wordyText, writeText } from '../support/texts.ts';

/** A Python that may have the `safetensors` package; continuous integration names one that has it. */
const python = process.env['CHARLOOM_PYTHON'] ?? 'python3';
const hasPackage = spawnSync(python, ['-c', 'import numpy, safetensors.numpy']).status === 0;

const script = `
import json, sys
from safetensors import safe_open
with safe_open(sys.argv[1], framework="numpy") as file:
    tensors = {}
    for name in file.keys():
        tensor = file.get_tensor(name)
        tensors[name] = {
            "dtype": str(tensor.dtype),
            "shape": list(tensor.shape),
            "sum": float(tensor.astype("float64").sum()),
            "last": float(tensor.ravel()[-1]),
        }
    print(json.dumps({"metadata": file.metadata(), "tensors": tensors}))
`;

const answer = z.object({
  metadata: z.record(z.string(), z.string()),
  tensors: z.record(
    z.string(),
    z.object({ dtype: z.string(), shape: z.array(z.number()), sum: z.number(), last: z.number() }),
  ),
});

describe(`Python's safetensors package${hasPackage ? '' : ' (skipped: there is no Python that has it)'}`, () => {
  test.skipIf(!hasPackage)('opens a checkpoint and finds the same numbers', async () => {
    const folder = temporaryFolder('python');
    const text = writeText(folder, 'text.txt', `${wordyText(2000)}é😀`);
    const settings = { ...quickSettings, name: 'Löwe', maxIterations: 8 };
    const { outcome } = await session({ text, runs: folder, settings });
    const path = outcome.best?.path ?? join(folder, 'none');
    const { status, stdout, stderr } = spawnSync(python, ['-c', script, path], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { metadata, tensors } = answer.parse(JSON.parse(stdout));
    const ours = await readCheckpoint(path);
    expect(Object.keys(tensors).sort()).toEqual([...ours.tensors.keys()].sort());
    for (const [name, { shape, data }] of ours.tensors) {
      const sum = data.reduce((total, value) => total + value, 0);
      expect(tensors[name]).toMatchObject({ dtype: 'float32', shape, last: data.at(-1) });
      expect(tensors[name]?.sum).toBeCloseTo(sum, 6);
    }
    expect(metadata['format']).toBe('charloom');
    expect(JSON.parse(metadata['charloom'] ?? '')).toEqual(ours.metadata);
  });
});
