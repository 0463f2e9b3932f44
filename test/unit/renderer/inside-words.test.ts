import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { changeOf, timesWords } from '../../../src/renderer/views/inside/changes.ts';
import { effectLevels, strongest } from '../../../src/renderer/views/inside/effects.ts';
import { lesson } from '../../../src/renderer/views/inside/lesson.ts';
import { reachOf } from '../../../src/renderer/views/inside/reach.ts';
import { npyOf, statesReadme } from '../../../src/renderer/views/inside/states-file.ts';
import { activationWords, unitName } from '../../../src/renderer/views/inside/unit-words.ts';
import { temporaryFolder } from '../../support/texts.ts';

/** A Python that may have NumPy; continuous integration names one that has it. */
const python = process.env['CHARLOOM_PYTHON'] ?? 'python3';
const hasNumpy = spawnSync(python, ['-c', 'import numpy']).status === 0;

describe('what changed between two texts', () => {
  it('is clear only beyond the play of chance', () => {
    // 3.6 and 12.5 quotation marks for each 1,000 characters, as measured with a unit held high.
    expect(changeOf({ untouched: 3.6, held: 12.5 }, 10_000)).toBe('more');
    expect(changeOf({ untouched: 3.6, held: 12.5 }, 500)).toBe('unclear');
    expect(changeOf({ untouched: 3.6, held: 0.69 }, 10_000)).toBe('fewer');
    expect(changeOf({ untouched: 0, held: 0 }, 10_000)).toBe('unclear');
  });

  it('is rarely clear where nothing changed', () => {
    // Poisson counts of the same mean, by a generator of its own.
    let state = 1;
    const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    const poisson = (mean: number): number => {
      let count = 0;
      for (let product = random(); product > Math.exp(-mean); product *= random()) count += 1;
      return count;
    };
    const trials = 2000;
    const clear = Array.from({ length: trials }, () =>
      changeOf({ untouched: poisson(12), held: poisson(12) }, 1000),
    ).filter((change) => change !== 'unclear').length;
    expect(clear / trials).toBeLessThan(0.01);
  });

  it('is said in words', () => {
    expect(timesWords({ untouched: 3.6, held: 12.5 })).toBe('3.5 times as many');
    expect(timesWords({ untouched: 2, held: 0 })).toBe('none any more');
    expect(timesWords({ untouched: 0, held: 2 })).toBe('none before');
  });
});

describe('what mattered', () => {
  it('is told beside what mattered most, and not at all where nothing did', () => {
    expect(effectLevels([0, 0.02, 0.1, 0.3, 1])).toEqual(['none', 'none', 'little', 'some', 'much']);
    expect(effectLevels([0.001, 0.002])).toEqual(['none', 'none']);
    expect(strongest([0.1, 0, 0.5, 0.3], 2)).toEqual([
      { index: 2, effect: 0.5 },
      { index: 3, effect: 0.3 },
    ]);
  });
});

describe('how far back', () => {
  it('is where the loss has come within one percent of its least', () => {
    const measured = [3.08, 2.65, 2.18, 1.67, 1.53, 1.503, 1.495];
    const points = [1, 2, 3, 5, 8, 12, 20].map((characters, index) => ({
      characters,
      loss: measured[index] ?? 0,
    }));
    expect(reachOf(points, 1.494)).toBe(12);
    expect(reachOf(points.slice(0, 3), 1.494)).toBeNull();
  });
});

describe('a unit in words', () => {
  const percentiles = Array.from({ length: 21 }, (_, step) => (step - 10) / 10);

  it('counts from one and says which number it is', () => {
    expect(unitName({ state: 'c', layer: 1, unit: 46 })).toBe('Layer 2, unit 47 (memory)');
  });

  it('says how its activation compares with all the text', () => {
    expect(activationWords(0.95, percentiles)).toBe('0.95, most active: higher than at 98 % of the text');
    expect(activationWords(-0.7, percentiles)).toBe('-0.7, quiet: lower than at 85 % of the text');
  });
});

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

  it('come with what they are', () => {
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

describe('the lesson', () => {
  const guide = readFileSync(join(import.meta.dirname, '../../../docs/guide/lesson.md'), 'utf8').replaceAll(
    /\s+/gu,
    ' ',
  );

  it('takes as long as it says', () => {
    expect(lesson.reduce((sum, { minutes }) => sum + minutes, 0)).toBe(45);
  });

  it('is the same in the guide as on the page', () => {
    for (const { title, minutes, actions, question } of lesson) {
      expect(guide).toContain(`${title} (${minutes} minutes)`);
      for (const sentence of [...actions, question]) expect(guide.replaceAll('**', '')).toContain(sentence);
    }
  });
});
