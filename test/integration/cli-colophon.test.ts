import { readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { sampleResult, type SampleResult } from '../../src/cli/json-output.ts';
import { makeColophon } from '../../src/node/session/colophon.ts';
import { chosenCount, type Colophon } from '../../src/shared/domain/colophon.ts';
import { defaultSampleSettings } from '../../src/shared/domain/sample-settings.ts';
import { bookletHtml } from '../../src/shared/format/booklet.ts';
import { charloom, type Finished } from '../support/processes.ts';
import { quickModel, temporaryFolder, wordyText, writeText } from '../support/texts.ts';

const folder = temporaryFolder('colophon');
const env = { CHARLOOM_HOME: join(folder, 'home') };
let checkpoint = '';
let written: SampleResult;
let colophon: Colophon;

function save(name: string, changed: Colophon, text = written.text): string {
  const path = join(folder, name);
  const words = { title: 'Words', author: 'A. Author', paper: 'A5' as const };
  writeFileSync(path, bookletHtml({ ...words, openingWords: 'the ', text, colophon: changed }));
  return path;
}

async function again(file: string, ...words: readonly string[]): Promise<Finished> {
  return charloom(['sample', '--from-colophon', file, ...words], { env });
}

beforeAll(async () => {
  const text = writeText(folder, 'words.txt', wordyText(20_000));
  const start = ['train', text, ...quickModel, '--learning-rate', '0.01', '--max-iterations', '300'];
  expect(await charloom([...start, '--eval-every', '100'], { env })).toMatchObject({ code: 0 });
  const line = [
    'sample',
    'words',
    '--prime-text',
    'the ',
    '--length',
    '800',
    '--temperature',
    '0.8',
    '--json',
  ];
  written = sampleResult.parse(JSON.parse((await charloom(line, { env })).stdout));
  ({ checkpoint } = written);
  const settings = { ...defaultSampleSettings, primeText: 'the ', length: 800, temperature: 0.8 };
  colophon = await makeColophon({ checkpoint, settings, starts: [], text: written.text });
});

describe('charloom sample --from-colophon', () => {
  test('writes the text of the booklet again, with the checkpoint that it finds', async () => {
    expect(chosenCount(colophon)).toBe(0);
    const { code, stdout, stderr } = await again(save('booklet.html', colophon));
    expect({ code, stdout }).toEqual({ code: 0, stdout: `the ${written.text}\n` });
    expect(stderr).toContain('the same text, to the letter');
  });

  test('the same with symbols chosen by hand', async () => {
    const chosen = Array.from(written.text);
    chosen[100] = 'w';
    chosen[101] = 'k';
    const text = chosen.join('');
    const changed = await makeColophon({ checkpoint, settings: colophon.settings, starts: [], text });
    expect(chosenCount(changed)).toBeGreaterThanOrEqual(2);
    const { code, stdout } = await again(save('chosen.html', changed, text), '--json');
    const result = sampleResult.parse(JSON.parse(stdout));
    expect(code).toBe(0);
    expect(result).toMatchObject({ prime_text: 'the ', text, same: true, remarks: [] });
  });

  test('reports another version or arithmetic, and still writes the text', async () => {
    const other = { ...colophon, writtenBy: '0.0.9', variant: 'another' };
    const { code, stdout, stderr } = await again(save('other.html', other));
    expect({ code, stdout }).toEqual({ code: 0, stdout: `the ${written.text}\n` });
    expect(stderr).toContain('The text was written by Charloom 0.0.9');
    expect(stderr).toContain('computed with the arithmetic another');
  });

  test('reports another checkpoint, and ends with 1 when the text differs', async () => {
    const { code, stdout, stderr } = await again(
      save('earlier.html', colophon),
      join(
        checkpoint,
        '..',
        readdirSync(join(checkpoint, '..')).find((name) => !checkpoint.endsWith(name)) ?? '',
      ),
    );
    expect(code).toBe(1);
    expect(stdout).not.toBe(`the ${written.text}\n`);
    expect(stderr).toContain('not the checkpoint that wrote the text');
    expect(stderr).toContain('The text differs from the one in the booklet.');
  });

  test('refuses additional settings, a file without a colophon, and a missing checkpoint', async () => {
    const booklet = save('booklet.html', colophon);
    expect(await again(booklet, '--seed', '5')).toMatchObject({ code: 2 });
    expect(await again(writeText(folder, 'none.html', '<p>'))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('has no colophon') as string,
    });
    expect(await again(join(folder, 'missing.html'))).toMatchObject({ code: 2 });
    const moved = join(folder, 'moved.safetensors');
    renameSync(checkpoint, moved);
    expect(await again(booklet)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is not in') as string,
    });
    const { code, stdout } = await again(booklet, moved);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `the ${written.text}\n` });
  });
});
