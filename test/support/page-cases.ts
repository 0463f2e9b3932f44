import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { exportJson, sampleResult } from '../../src/cli/json-output.ts';
import { writeCheckpoint } from '../../src/node/files/checkpoint-files.ts';
import { cellKinds } from '../../src/shared/domain/cells.ts';
import type { RunSettings } from '../../src/shared/domain/run-settings.ts';
import { allBytes, drawnModel } from './page-models.ts';
import { charloom } from './processes.ts';

/** What a person sets on the page. */
export const asked = { openingWords: 'The whale ', temperature: 0.83, length: 1500, seed: 4711 } as const;
/** Where the page's slider begins, from which the keyboard goes to `asked.temperature`. */
export const initialTemperature = 0.8;

export interface PageCase {
  readonly name: string;
  /** Of the page, a file. */
  readonly address: string;
  /** What `charloom sample` writes as asked, opening words included. */
  readonly sampled: string;
}

const kinds: readonly (readonly [name: string, settings: Partial<RunSettings>])[] = [
  ...cellKinds.map((model) => [model, { model }] as const),
  ...cellKinds.map((model) => [`${model}, layer-normalised`, { model, layerNorm: true }] as const),
  ['bytes', { symbols: 'bytes' }],
  ['bytes, layer-normalised, residual', { symbols: 'bytes', layerNorm: true, residual: 'on' }],
];

/** A page of every kind of model, exported by the command line, with the text that the command line writes. */
export async function pageCases(folder: string): Promise<ReadonlyMap<string, PageCase>> {
  const cases = new Map<string, PageCase>();
  // Two at a time: each is a process.
  const waiting = [...kinds];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [name, settings] = next;
      cases.set(name, await pageCase(folder, name, settings));
    }
  };
  await Promise.all([work(), work()]);
  return cases;
}

export const caseNames = kinds.map(([name]) => name);

async function pageCase(folder: string, name: string, settings: Partial<RunSettings>): Promise<PageCase> {
  const checkpoint = join(folder, `${name}.safetensors`);
  const page = join(folder, `${name}.html`);
  const vocabulary = settings.symbols === 'bytes' ? allBytes : undefined;
  await writeCheckpoint(checkpoint, drawnModel(settings, vocabulary));
  const begin = ['--title', 'Drawn by lot', '--temperature', String(initialTemperature)];
  const line = ['export', checkpoint, '--to', 'page', '--output', page, ...begin, '--json'];
  exportJson.parse(JSON.parse(await output(line)));
  return { name, address: pathToFileURL(page).href, sampled: await sample(checkpoint) };
}

async function sample(checkpoint: string): Promise<string> {
  const { openingWords, temperature, length, seed } = asked;
  const settings = { 'prime-text': openingWords, temperature, length, seed };
  const words = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const { prime_text: prime, text } = sampleResult.parse(
    JSON.parse(await output(['sample', checkpoint, ...words, '--json'])),
  );
  return prime + text;
}

async function output(words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await charloom(words);
  if (code !== 0) throw new Error(`charloom ${words.join(' ')}: ${stderr}`);
  return stdout;
}
