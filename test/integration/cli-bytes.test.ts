import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { copiesResult, sampleResult } from '../../src/cli/json-output.ts';
import { charloom, root } from '../support/processes.ts';
import { quickModel, temporaryFolder } from '../support/texts.ts';

/** Every fifth symbol is a byte that is not valid UTF-8. */
const folder = temporaryFolder('bytes');
const env = { CHARLOOM_HOME: join(folder, 'home') };
const learned = join(folder, 'latin1.txt');
const text = Buffer.from('ab \u00e9\n'.repeat(2000), 'latin1');

/** What a command writes into a pipe, untouched. */
function written(words: readonly string[]): Buffer {
  const launcher = join(root, 'bin/charloom.js');
  return execFileSync(process.execPath, [launcher, ...words], { env: { ...process.env, ...env } });
}

beforeAll(async () => {
  writeFileSync(learned, text);
  const line = ['train', learned, '--symbols', 'bytes', ...quickModel, '--learning-rate', '0.02'];
  expect(
    await charloom([...line, '--max-iterations', '300', '--eval-every', '100', '--name', 'b'], { env }),
  ).toMatchObject({ code: 0 });
});

describe('a model of bytes', () => {
  test('writes exactly as many bytes as requested', async () => {
    const line = ['sample', 'b', '--length', '500', '--seed', '3'];
    const bytes = written(line);
    expect(bytes).toHaveLength(500);
    expect(bytes.includes(0xe9)).toBe(true);
    const known = new Set(text);
    expect([...bytes].every((byte) => known.has(byte))).toBe(true);
    const { stdout } = await charloom([...line, '--json'], { env });
    const result = sampleResult.parse(JSON.parse(stdout));
    expect(Buffer.from(result.bytes ?? '', 'base64')).toEqual(bytes);
    const primed = written([...line, '--prime-text', 'ab ']);
    expect(primed.subarray(0, 3).toString('latin1')).toBe('ab ');
    expect(primed).toHaveLength(503);
  });

  test('writes several texts, bytes as they are', async () => {
    const line = ['sample', 'b', '--length', '300', '--seed', '3'];
    const [one, two] = [written(line), written([...line, '--seed', '4'])];
    const heading = (number: number, seed: number): Buffer =>
      Buffer.from(`--- text ${number} of 2, seed ${seed} ---\n`);
    const ended = (bytes: Buffer): Buffer[] => (bytes.at(-1) === 10 ? [bytes] : [bytes, Buffer.from('\n')]);
    expect(written([...line, '--count', '2'])).toEqual(
      Buffer.concat([heading(1, 3), ...ended(one), Buffer.from('\n'), heading(2, 4), ...ended(two)]),
    );
    const lines = written([...line, '--count', '5', '--stop-at-line-end'])
      .toString('latin1')
      .split('\n');
    expect(lines).toHaveLength(6);
    expect(lines.some((each) => each.includes('\u00e9'))).toBe(true);
  });

  test('finds its own bytes copied', async () => {
    const part = join(folder, 'part.bin');
    writeFileSync(part, readFileSync(learned).subarray(0, 600));
    const { stdout } = await charloom(['copies', 'b', part, '--json'], { env });
    expect(copiesResult.parse(JSON.parse(stdout)).share).toBe(1);
  });
});
