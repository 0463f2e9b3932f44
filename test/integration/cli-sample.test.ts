import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { sampleResult, sampleResults, type SampleResult } from '../../src/cli/json-output.ts';
import { charloom } from '../support/processes.ts';
import { quickModel, temporaryFolder, wordyText, writeText } from '../support/texts.ts';

const folder = temporaryFolder('sample');
const env = { CHARLOOM_HOME: join(folder, 'home') };

async function json(line: readonly string[]): Promise<unknown> {
  const { code, stdout, stderr } = await charloom([...line, '--json'], { env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

beforeAll(async () => {
  const text = writeText(folder, 'words.txt', wordyText(20_000));
  const start = ['train', text, ...quickModel, '--learning-rate', '0.01', '--max-iterations', '300'];
  expect(await charloom([...start, '--eval-every', '100'], { env })).toMatchObject({ code: 0 });
});

describe('charloom sample', () => {
  test('several texts have consecutive seeds, and each is the text of its seed', async () => {
    const line = ['sample', 'words', '--prime-text', 'the ', '--length', '60'];
    const one = async (seed: number): Promise<SampleResult> =>
      sampleResult.parse(await json([...line, '--seed', String(seed)]));
    const all = sampleResults.parse(await json([...line, '--seed', '40', '--count', '3']));
    const alone = [await one(40), await one(41), await one(42)];
    expect(all).toEqual(alone);
    const { stdout } = await charloom([...line, '--seed', '40', '--count', '3'], { env });
    const texts = alone.map(({ text, seed }, index) => {
      const whole = `the ${text}`;
      return `--- text ${index + 1} of 3, seed ${seed} ---\n${whole}${whole.endsWith('\n') ? '' : '\n'}`;
    });
    expect(stdout).toBe(texts.join('\n'));
    const [, last] = sampleResults.parse(await json([...line, '--seed', '4294967295', '--count', '2']));
    expect(last?.seed).toBe(0);
  });

  test('texts that end with their line are printed one a line', async () => {
    const line = ['sample', 'words', '--length', '5000', '--stop-at-line-end', '--count', '20'];
    const { stdout, stderr } = await charloom(line, { env });
    expect(stderr).toBe('');
    const lines = stdout.split('\n');
    expect(lines).toHaveLength(21);
    expect(lines.pop()).toBe('');
    expect(lines.every((each) => each !== '')).toBe(true);
    const all = sampleResults.parse(await json(line));
    expect(all.map(({ text }) => text.trim())).toEqual(lines.map((each) => each.trim()));
    expect(all.every(({ end, stopped, text }) => stopped && end === 'line-end' && text.endsWith('\n'))).toBe(
      true,
    );
    const { stdout: single } = await charloom([...line, '--count', '1'], { env });
    expect(single.trimStart()).toBe(`${lines[0]}\n`);
    expect((await charloom([...line, '--count', '2', '--length', '3'], { env })).stdout).toMatch(
      /^[^\n]{1,3}\n[^\n]{1,3}\n$/,
    );
  });

  describe('every option', () => {
    const line = ['sample', 'words', '--prime-text', 'the ', '--length', '400', '--temperature', '1.5'];
    const text = async (...more: readonly string[]): Promise<string> =>
      sampleResult.parse(await json([...line, ...more])).text;
    let plain = '';
    beforeAll(async () => {
      plain = await text();
    });

    test('has no effect while it is off', async () => {
      const off = ['--top-p', '1', '--min-p', '0', '--repetition-guard', '0', '--count', '1'];
      expect(await text(...off)).toBe(plain);
    });

    test.each([
      [['--top-p', '0.8']],
      [['--min-p', '0.2']],
      [['--repetition-guard', '4']],
      [['--greedy-in-words']],
    ])('%j changes the text, and the seed gives it again', async (option) => {
      const changed = await text(...option);
      expect(changed).not.toBe(plain);
      expect(await text(...option)).toBe(changed);
    });
  });
});
