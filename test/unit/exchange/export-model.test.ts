import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exportModel } from '../../../src/node/exchange/export-model.ts';
import { writeCheckpoint } from '../../../src/node/files/checkpoint-files.ts';
import { exchangeCheckpoint } from '../../support/exchange.ts';
import { temporaryFolder } from '../../support/texts.ts';

async function checkpointIn(folder: string): Promise<string> {
  const path = join(folder, 'lm.safetensors');
  await writeCheckpoint(path, exchangeCheckpoint({ title: '', spec: { model: 'lstm', numLayers: 2 } }));
  return path;
}

test.each([0.05, 0.3, 0.6])('an export cancelled after %d of the work leaves nothing', async (share) => {
  const folder = temporaryFolder('cancelled');
  const checkpoint = await checkpointIn(folder);
  const place = join(folder, 'exports');
  mkdirSync(place);
  const cancel = new AbortController();
  let seen = 0;
  const onProgress = (fraction: number): void => {
    seen = Math.max(seen, readdirSync(place).length);
    if (fraction >= share) cancel.abort();
  };
  const work = exportModel({
    ...{ checkpoint, format: 'onnx', output: join(place, 'net') },
    ...{ signal: cancel.signal, onProgress },
  } as const);
  await expect(work).rejects.toMatchObject({ code: 'cancelled' });
  expect(readdirSync(place)).toEqual([]);
  // What was written stood there under another name.
  expect(seen).toBe(share > 0.1 ? 1 : 0);
});

test('an export gets its name when it is complete, and progress ends at 1', async () => {
  const folder = temporaryFolder('whole');
  const checkpoint = await checkpointIn(folder);
  const output = join(folder, 'made', 'by', 'the', 'way', 'net');
  const fractions: number[] = [];
  await exportModel({
    ...{ checkpoint, format: 'tfjs', output },
    onProgress: (fraction) => {
      fractions.push(fraction);
      expect(existsSync(output)).toBe(false);
    },
  });
  expect(fractions.at(-1)).toBe(1);
  expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
  expect(readdirSync(join(output, '..'))).toEqual(['net']);
});
