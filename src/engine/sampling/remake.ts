import type { ColophonPart } from '../../shared/domain/colophon.ts';
import type { SampleSettings } from '../../shared/domain/sample-settings.ts';
import { CharloomError } from '../../shared/errors.ts';
import type { SamplingNetwork } from '../backends/backend.ts';
import type { Vocabulary } from '../dataset/corpus.ts';
import { indexByCode } from '../dataset/vocabulary.ts';
import { TextGenerator, type Opening, type SampledSymbol } from './text-generator.ts';

/** A model that rewrites a text, and the settings for it. */
export interface Remaking {
  readonly network: SamplingNetwork;
  readonly vocabulary: Vocabulary;
  readonly separator: string | null;
  /** Includes the opening words as the model read them. */
  readonly settings: SampleSettings;
  /** Length of the text in symbols. */
  readonly length: number;
}

/** Returns the symbol at a position, given the one that the random numbers gave. */
type Decide = (position: number, drawn: number) => number;

/**
 * Writes a text again. The random number of a symbol depends only on its position, so a symbol chosen by hand changes none of the later ones. A part
 * starts wherever the text was continued by a model that had to read it first.
 * @throws CharloomError 'incompatible' if a chosen symbol is not in the vocabulary
 */
export function* remake(
  model: Remaking,
  parts: readonly ColophonPart[],
): Generator<SampledSymbol, void, undefined> {
  const byCode = indexByCode(model.vocabulary);
  const chosen = new Map(
    parts.flatMap((part) => part.chosen.map(([at, code]) => [at, byCode[code] ?? -1] as const)),
  );
  if ([...chosen.values()].some((index) => index < 0)) throw unknownSymbol();
  yield* writeParts(
    model,
    parts.map(({ from }) => from),
    (position, drawn) => chosen.get(position) ?? drawn,
  );
}

/**
 * Finds the symbols of a text that differ from those the random numbers give, by writing it again.
 * @param codes the text's code points, or bytes
 * @param starts where parts begin, besides 0
 * @throws CharloomError 'incompatible' if a symbol is not in the vocabulary
 */
export function* accountFor(
  model: Omit<Remaking, 'length'>,
  codes: readonly number[],
  starts: readonly number[],
): Generator<number, readonly ColophonPart[], undefined> {
  const byCode = indexByCode(model.vocabulary);
  const indices = codes.map((code) => byCode[code] ?? -1);
  if (indices.some((index) => index < 0)) throw unknownSymbol();
  const firsts = [...new Set([0, ...starts])].filter((at) => at === 0 || at < codes.length);
  firsts.sort((a, b) => a - b);
  const chosen = new Map(firsts.map((from) => [from, [] as [number, number][]]));
  let part: [number, number][] = [];
  const decide: Decide = (position, drawn) => {
    part = chosen.get(position) ?? part;
    const wanted = indices[position] ?? drawn;
    if (wanted !== drawn) part.push([position, codes[position] ?? 0]);
    return wanted;
  };
  let written = 0;
  const writing = writeParts({ ...model, length: codes.length }, firsts, decide);
  while (writing.next().done !== true) yield ++written;
  return firsts.map((from) => ({ from, chosen: chosen.get(from) ?? [] }));
}

function* writeParts(
  model: Remaking,
  firsts: readonly number[],
  decide: Decide,
): Generator<SampledSymbol, void, undefined> {
  const texts: string[] = [];
  const bytes: number[] = [];
  for (const [index, from] of firsts.entries()) {
    const end = Math.min(model.length, firsts[index + 1] ?? model.length);
    const generator = beginPart(model, { text: texts.join(''), bytes, length: end - from });
    for (let position = from; position < end; position++) {
      const drawn = generator.next();
      if (drawn === undefined) return;
      const wanted = decide(position, drawn.index);
      const symbol =
        wanted === drawn.index ? drawn : generator.take(position - from, wanted, end - position - 1);
      texts.push(symbol.text);
      bytes.push(model.vocabulary.codes[symbol.index] ?? 0);
      yield symbol;
    }
  }
}

/** A generator that has read the opening words and what was written before this part. */
function beginPart(
  { network, vocabulary, separator, settings }: Remaking,
  {
    text,
    bytes,
    length,
  }: { readonly text: string; readonly bytes: readonly number[]; readonly length: number },
): TextGenerator {
  const isBytes = vocabulary.mode === 'bytes';
  const primeText = isBytes ? settings.primeText : settings.primeText + text;
  const generator = new TextGenerator(
    network,
    vocabulary,
    { ...settings, ...endless, primeText, length: Math.max(1, length) },
    separator,
  );
  generator.begin(isBytes ? bytes : []);
  return generator;
}

/** The opening words as the model reads them. */
export function readOpening(model: Remaking): Opening {
  const { network, vocabulary, separator, settings } = model;
  return new TextGenerator(network, vocabulary, { ...settings, ...endless }, separator).begin();
}

const endless = { stop: '', stopAtLineEnd: false, stopAtRecord: false, count: 1 } as const;

function unknownSymbol(): CharloomError {
  return new CharloomError('incompatible', 'The text has a symbol that this model does not know.', {
    fix: 'Choose the model that wrote it.',
  });
}
