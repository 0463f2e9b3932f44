import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { exportJson, sampleResult, type ExportJson } from '../../src/cli/json-output.ts';
import { JavaScriptNetwork } from '../../src/engine/backends/javascript/network.ts';
import { vocabularyFromSymbols } from '../../src/engine/dataset/vocabulary.ts';
import { modelOfPage } from '../../src/engine/exchange/page/read-page.ts';
import { startSampling } from '../../src/engine/sampling/sampler.ts';
import { sha256 } from '../../src/node/files/sha256.ts';
import { defaultSampleSettings } from '../../src/shared/domain/sample-settings.ts';
import { charloom } from '../support/processes.ts';
import { quickModel, temporaryFolder, wordyText, writeText } from '../support/texts.ts';

const folder = temporaryFolder('page');
const env = { CHARLOOM_HOME: join(folder, 'home') };
const at = (name: string): string => join(folder, name);

async function exported(name: string, ...words: readonly string[]): Promise<ExportJson> {
  const line = ['export', 'words', '--to', 'page', '--output', at(name), ...words, '--json'];
  const { code, stdout, stderr } = await charloom(line, { env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return exportJson.parse(JSON.parse(stdout));
}

beforeAll(async () => {
  const text = writeText(folder, 'words.txt', wordyText(20_000));
  const start = ['train', text, ...quickModel, '--learning-rate', '0.01', '--max-iterations', '300'];
  expect(await charloom([...start, '--average-decay', '0.99'], { env })).toMatchObject({ code: 0 });
});

describe('charloom export --to page', () => {
  test('writes one file, and reports the check and copied passages', async () => {
    const result = await exported(
      'words.html',
      '--title',
      'Words',
      '--by',
      'A. Author',
      '--prime-text',
      'the ',
    );
    expect(result).toMatchObject({
      format: 'page',
      path: at('words.html'),
      bytes: statSync(at('words.html')).size,
      checked: { symbols: 100 },
      copies: { compared: true, samples: 3, symbols: 3000 },
    });
    expect(result.checked.largest_difference).toBeLessThan(1e-5);
    const { record } = modelOfPage(readFileSync(at('words.html'), 'utf8'), sha256);
    expect(record).toMatchObject({
      ...{ title: 'Words', author: 'A. Author', openingWords: 'the ' },
      ...{ temperature: 0.8, precision: 'float32' },
    });
  });

  test('its program writes the text of charloom sample, averaged weights and all', async () => {
    const html = readFileSync(at('words.html'), 'utf8');
    const { metadata, tensors } = modelOfPage(html, sha256).model;
    const network = new JavaScriptNetwork(metadata.spec);
    network.importTensors(tensors);
    const settings = {
      ...defaultSampleSettings,
      primeText: 'the ',
      length: 20_000,
      temperature: 0.8,
      seed: 9,
    };
    const vocabulary = vocabularyFromSymbols(metadata.vocabulary, metadata.symbols);
    const text = Array.from(startSampling(network, vocabulary, settings).symbols(), (each) => each.text).join(
      '',
    );
    const options = ['--prime-text', 'the ', '--length', '20000', '--temperature', '0.8', '--seed', '9'];
    const { stdout } = await charloom(['sample', 'words', ...options, '--json'], { env });
    expect(text).toBe(sampleResult.parse(JSON.parse(stdout)).text);
  });

  test('is half as large on request', async () => {
    const exact = statSync(at('words.html')).size;
    const { bytes, checked } = await exported('half.html', '--precision', 'float16');
    expect(bytes).toBeLessThan(exact);
    expect(checked.largest_difference).toBeLessThan(1e-5);
    const { record } = modelOfPage(readFileSync(at('half.html'), 'utf8'), sha256);
    expect(record.precision).toBe('float16');
  });

  test('says why copies were not looked for if the text is another', async () => {
    const other = writeText(folder, 'other.txt', wordyText(20_000, 2));
    const { copies } = await exported('other.html', '--text', other);
    expect(copies).toMatchObject({
      compared: false,
      reason: expect.stringContaining('other.txt') as string,
    });
  });

  test('replaces nothing, and refuses a temperature outside its range', async () => {
    const line = ['export', 'words', '--to', 'page', '--output', at('words.html')];
    const before = readFileSync(at('words.html'), 'utf8');
    expect(await charloom(line, { env })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('already a file') as string,
    });
    expect(readFileSync(at('words.html'), 'utf8')).toBe(before);
    const { stderr } = await charloom(
      ['export', 'words', '--to', 'page', '--output', at('hot.html'), '--temperature', '3'],
      { env },
    );
    expect(stderr).toContain('temperature is outside its range');
  });
});
