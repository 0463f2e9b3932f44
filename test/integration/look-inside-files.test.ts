import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lesson } from '../../src/renderer/views/inside/lesson.ts';
import { npyOf, statesReadme } from '../../src/renderer/views/inside/states-file.ts';
import { temporaryFolder } from '../support/texts.ts';

/** A Python that may have NumPy; continuous integration names one that has it. */
const python = process.env['CHARLOOM_PYTHON'] ?? 'python3';
const hasNumpy = spawnSync(python, ['-c', 'import numpy']).status === 0;

describe('saved activations', () => {
  it.skipIf(!hasNumpy)('are what NumPy reads', async () => {
    const values = Float32Array.from({ length: 1001 }, (_, at) => Math.sin(at));
    const path = join(temporaryFolder('npy'), 'unit.npy');
    writeFileSync(path, Buffer.from(await npyOf(values).arrayBuffer()));
    const script =
      'import json, sys, numpy; a = numpy.load(sys.argv[1]); print(json.dumps([str(a.dtype), a.shape[0], float(a[7]), float(a.sum())]))';
    const told = JSON.parse(execFileSync(python, ['-c', script, path], { encoding: 'utf8' })) as unknown[];
    expect(told.slice(0, 3)).toEqual(['float32', 1001, values[7]]);
    expect(told[3]).toBeCloseTo(
      values.reduce((sum, value) => sum + value, 0),
      2,
    );
  });

  it('have the header that the format asks for', async () => {
    const bytes = new Uint8Array(await npyOf(Float32Array.from([1])).arrayBuffer());
    expect([...bytes.subarray(0, 8)]).toEqual([0x93, ...Buffer.from('NUMPY'), 1, 0]);
    const length = (bytes[8] ?? 0) + 256 * (bytes[9] ?? 0);
    expect((10 + length) % 64).toBe(0);
    expect(bytes.length).toBe(10 + length + 4);
    expect(new TextDecoder().decode(bytes.subarray(10, 10 + length))).toMatch(/^\{'descr': '<f4'.*\} *\n$/u);
  });

  it('come with a description', () => {
    const about = {
      model: 'Alice',
      unit: 'Layer 1, unit 2 (memory)',
      property: null,
      symbols: 5,
      npy: 'a.npy',
      csv: 'a.csv',
    };
    expect(statesReadme(about)).toContain('numpy.load("a.npy")');
  });
});

describe('the lesson on Look inside', () => {
  const guide = readFileSync(join(import.meta.dirname, '../../docs/guide/lesson.md'), 'utf8').replaceAll(
    /\s+/gu,
    ' ',
  );

  it('takes the stated time', () => {
    expect(lesson.reduce((sum, { minutes }) => sum + minutes, 0)).toBe(45);
  });

  it('is the same in the guide as on the page', () => {
    for (const { title, minutes, actions, question } of lesson) {
      expect(guide).toContain(`${title} (${minutes} minutes)`);
      for (const sentence of [...actions, question]) expect(guide.replaceAll('**', '')).toContain(sentence);
    }
  });
});
