import type { Command } from 'commander';
import type { Vocabulary } from '../../engine/dataset/corpus.ts';
import type { Sampling } from '../../engine/sampling/sampler.ts';
import {
  defaultSampleSettings,
  sampleSettings,
  type SampleSettings,
} from '../../shared/domain/sample-settings.ts';
import type { UnknownCharacter } from '../../engine/dataset/encode-text.ts';
import { neverStopsSentence, nothingLeftSentence } from '../../shared/domain/write.ts';
import { addCommand, outputFor } from '../command.ts';
import type { SampleResult } from '../json-output.ts';
import { addSettings, givenSettings } from '../options.ts';
import type { Output } from '../output.ts';
import { addRunsFolderOption, runsFolderOf, type RunsFolderOptions } from '../runs-folder.ts';
import { unescape } from '../unescape.ts';
import { replacementsAsJson, unknownLines } from '../unknown-characters.ts';

interface SampleOptions extends RunsFolderOptions {
  readonly json?: boolean;
  readonly escapes?: boolean;
}

const details =
  'Writes to standard output as it goes: the opening words, then what the model makes of them. The same seed gives the same text.';

export function addSampleCommand(program: Command): void {
  addRunsFolderOption(
    addSettings(addCommand(program, 'sample', 'Write with a model', details), sampleSettings),
  )
    .argument('<CHECKPOINT>', 'a checkpoint file, or a run for its best one')
    .option(
      '--escapes',
      'Reads \\n, \\r, \\t, \\\\ and \\u{...} in --prime-text and --stop as line end, carriage return, tab, backslash and code point.',
    )
    .action(sample);
}

async function sample(name: string, options: SampleOptions): Promise<void> {
  const output = outputFor(options);
  const { resolveModel } = await import('../../runs/find.ts');
  const { openModel } = await import('../../node/session/open-model.ts');
  const { startSampling } = await import('../../engine/sampling/sampler.ts');
  const { loadWasmBackend } = await import('../../node/wasm/backend.ts');
  const given = { ...defaultSampleSettings, ...givenSettings(sampleSettings, { ...options }) };
  const settings =
    options.escapes === true
      ? { ...given, primeText: unescape('prime-text', given.primeText), stop: unescape('stop', given.stop) }
      : given;
  const checkpoint = await resolveModel(name, await runsFolderOf(options));
  // One symbol after the other leaves nothing to share between threads.
  const backend = await loadWasmBackend({ threads: 1 });
  try {
    const { network, vocabulary } = await openModel(checkpoint, backend);
    const sampling = startSampling(network, vocabulary, settings);
    for (const line of remarks(sampling, settings, options.escapes === true)) output.note(line);
    if (output.json) output.event(writeWhole(checkpoint, vocabulary, sampling, settings));
    else if (vocabulary.mode === 'bytes' && !output.interactive) {
      await streamBytes(vocabulary, sampling, output);
    } else await stream(sampling, output);
  } finally {
    backend.dispose();
  }
}

/** What a person would otherwise wait for in vain. */
function remarks(sampling: Sampling, settings: SampleSettings, areRead: boolean): readonly string[] {
  const never = neverStopsSentence(settings.stop, sampling.stopUnknown);
  const isNothing = settings.primeText !== '' && sampling.primeText === '';
  const isEscape = ({ character }: UnknownCharacter): boolean => character === '\\';
  const hint =
    !areRead && [...sampling.unknown, ...sampling.stopUnknown].some(isEscape)
      ? ['With --escapes \\n is read as a line end, \\t as a tab.']
      : [];
  return [...(isNothing ? [nothingLeftSentence] : []), ...(never === null ? [] : [never]), ...hint];
}

function writeWhole(
  checkpoint: string,
  { mode, codes }: Vocabulary,
  sampling: Sampling,
  settings: SampleSettings,
): SampleResult {
  const parts: string[] = [];
  const written: number[] = [];
  for (const { text, index } of sampling.symbols()) {
    parts.push(text);
    written.push(codes[index] ?? 0);
  }
  const text = parts.join('');
  return {
    checkpoint,
    prime_text: sampling.primeText,
    text,
    bytes: mode === 'bytes' ? Buffer.from(written).toString('base64') : null,
    symbols: parts.length,
    stopped: sampling.end() === 'stop-text',
    seed: settings.seed,
    temperature: settings.temperature,
    greedy: settings.greedy,
    top_k: settings.topK,
    replaced: replacementsAsJson(sampling.unknown),
  };
}

/** Milliseconds between two writes: a person sees a steady flow, and writing does not hold up the model. */
const writeEvery = 20;

/** What a model of bytes writes goes into a file or a program as the bytes that it is, with nothing after it. */
async function streamBytes({ codes }: Vocabulary, sampling: Sampling, output: Output): Promise<void> {
  for (const line of unknownLines(sampling.unknown)) output.note(line);
  let waiting: number[] = [...Buffer.from(sampling.primeText)];
  let written = performance.now();
  for (const { index } of sampling.symbols()) {
    waiting.push(codes[index] ?? 0);
    const now = performance.now();
    if (now - written < writeEvery) continue;
    await output.writeBytes(Uint8Array.from(waiting));
    waiting = [];
    written = now;
  }
  await output.writeBytes(Uint8Array.from(waiting));
}

async function stream(sampling: Sampling, output: Output): Promise<void> {
  for (const line of unknownLines(sampling.unknown)) output.note(line);
  let waiting = sampling.primeText;
  let written = performance.now();
  for (const { text } of sampling.symbols()) {
    waiting += text;
    const now = performance.now();
    // A carriage return and the line feed after it are one line end on a terminal.
    if (now - written < writeEvery || waiting.endsWith('\r')) continue;
    await output.write(waiting);
    waiting = '';
    written = now;
  }
  await output.write(`${waiting}\n`);
}
