import type { Command } from 'commander';
import type { Sampling } from '../../engine/sampling/sampler.ts';
import {
  defaultSampleSettings,
  sampleSettings,
  seedsOf,
  type SampleSettings,
} from '../../shared/domain/sample-settings.ts';
import type { UnknownCharacter } from '../../engine/dataset/encode-text.ts';
import { CharloomError } from '../../shared/errors.ts';
import { neverEndsLineSentence, neverStopsSentence, nothingLeftSentence } from '../../shared/domain/write.ts';
import { addCommand, outputFor } from '../command.ts';
import type { SampleResult } from '../json-output.ts';
import { addSettings, givenSettings } from '../options.ts';
import { addRunsFolderOption, runsFolderOf, type RunsFolderOptions } from '../runs-folder.ts';
import { writeWhole } from '../sample/result.ts';
import { streamText } from '../sample/stream-texts.ts';
import { unescape } from '../unescape.ts';
import { unknownLines } from '../unknown-characters.ts';

interface SampleOptions extends RunsFolderOptions {
  readonly json?: boolean;
  readonly escapes?: boolean;
  readonly fromColophon?: string;
}

const details =
  'Writes the opening words and their continuation to standard output as they are generated. The same seed gives the same text. ' +
  'Symbols are weighed in this order: temperature, top-k, top-p, min-p, repetition guard.';

export function addSampleCommand(program: Command): void {
  addRunsFolderOption(
    addSettings(addCommand(program, 'sample', 'Write with a model', details), sampleSettings),
  )
    .argument('[CHECKPOINT]', 'a checkpoint file, or a run (uses its best checkpoint)')
    .option(
      '--from-colophon <file>',
      'Writes the text of this booklet again, to the letter. Settings come from its colophon, and the checkpoint is found in the runs folder unless it is given.',
    )
    .option(
      '--escapes',
      'Reads \\n, \\r, \\t, \\\\ and \\u{...} in --prime-text and --stop as line end, carriage return, tab, backslash and code point.',
    )
    .action(sample);
}

async function sample(name: string | undefined, options: SampleOptions): Promise<void> {
  const output = outputFor(options);
  if (options.fromColophon !== undefined) return again(options.fromColophon, name, options);
  if (name === undefined) {
    throw new CharloomError('usage', 'The checkpoint or run to write with is missing.', {
      fix: 'charloom runs lists the runs; --from-colophon FILE needs no name.',
    });
  }
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
  // Symbols are computed one after another, so there is no work to share between threads.
  const backend = await loadWasmBackend({ threads: 1 });
  try {
    const { network, vocabulary, separator } = await openModel(checkpoint, backend);
    const { count, stopAtLineEnd: isLine } = settings;
    const results: SampleResult[] = [];
    for (const [index, seed] of seedsOf(settings).entries()) {
      const own = { ...settings, seed };
      const sampling = startSampling(network, vocabulary, own, separator);
      // Remarks on one text apply to all.
      if (index === 0) remarks(sampling, settings, options).forEach((line) => output.note(line));
      if (output.json) results.push(writeWhole(checkpoint, vocabulary, sampling, own));
      else await streamText(sampling, vocabulary, { number: index + 1, count, seed, isLine }, output);
    }
    if (output.json) output.event(count === 1 ? results[0] : results);
  } finally {
    backend.dispose();
  }
}

/** Writes the text of a booklet again. */
async function again(file: string, model: string | undefined, options: SampleOptions): Promise<void> {
  const given = givenSettings(sampleSettings, { ...options });
  if (Object.keys(given).length > 0) {
    throw new CharloomError('usage', 'With --from-colophon the settings come from the booklet.', {
      fix: 'Leave the other options out.',
    });
  }
  const { writeFromColophon } = await import('../sample/from-colophon.ts');
  return writeFromColophon({ file, model }, options, outputFor(options));
}

/** Remarks that explain what would otherwise be missing without a reason. */
function remarks(
  sampling: Sampling,
  settings: SampleSettings,
  { escapes: areRead = false, json = false }: SampleOptions,
): readonly string[] {
  const never = neverStopsSentence(settings.stop, sampling.stopUnknown);
  const isNothing = settings.primeText !== '' && sampling.primeText === '';
  const isEscape = ({ character }: UnknownCharacter): boolean => character === '\\';
  const hint =
    !areRead && [...sampling.unknown, ...sampling.stopUnknown].some(isEscape)
      ? ['With --escapes \\n is read as a line end, \\t as a tab.']
      : [];
  return [
    ...(isNothing ? [nothingLeftSentence] : []),
    ...(never === null ? [] : [never]),
    ...(sampling.neverEndsLine ? [neverEndsLineSentence] : []),
    ...hint,
    ...(json ? [] : unknownLines(sampling.unknown)),
  ];
}
