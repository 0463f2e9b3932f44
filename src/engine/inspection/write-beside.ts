import type { SampleSettings } from '../../shared/domain/sample-settings.ts';
import type { SamplingNetwork } from '../backends/backend.ts';
import type { Vocabulary } from '../dataset/corpus.ts';
import { allocateSymbols } from '../dataset/vocabulary.ts';
import { TextGenerator } from '../sampling/text-generator.ts';
import { countText } from './counts.ts';
import { heldNetwork, holdUnits, type HeldUnit } from './hold-units.ts';
import type { InspectedModel } from './inspection.ts';
import { characterText } from './properties/character-text.ts';

/** Symbols written between two yields. */
const portion = 64;

export interface WrittenPortion {
  readonly which: 'untouched' | 'held';
  readonly text: string;
  /** Progress over both texts, 0..1. */
  readonly fraction: number;
}

export interface Counted {
  readonly name: string;
  /** Per 1,000 symbols. */
  readonly untouched: number;
  readonly held: number;
}

/**
 * Writes with and without held units, with the same settings and seed; counts features of the two texts.
 * @param separator the separator of the records that the model was trained on; null if it was trained on one stream
 */
export function* writeBeside(
  model: InspectedModel,
  vocabulary: Vocabulary,
  separator: string | null,
  held: readonly HeldUnit[],
  settings: SampleSettings,
): Generator<WrittenPortion, readonly Counted[], void> {
  const networks = {
    untouched: model.backend.createSamplingNetwork(model.spec),
    held: model.backend.createSamplingNetwork(model.spec),
  };
  try {
    networks.untouched.importTensors(model.parameters);
    const own = heldNetwork(networks.held, holdUnits(model.spec, model.parameters, held));
    const writer = (which: WrittenPortion['which'], network: SamplingNetwork): Writer => {
      const generator = new TextGenerator(network, vocabulary, settings, separator);
      return { which, symbols: [], generator };
    };
    const writers: readonly Writer[] = [writer('untouched', networks.untouched), writer('held', own)];
    for (const { generator } of writers) generator.begin();
    while (writers.some(({ generator }) => generator.end === undefined)) {
      for (const { which, symbols, generator } of writers) {
        const text = writePortion(generator, symbols);
        const written = writers.reduce((sum, each) => sum + each.generator.position, 0);
        if (text !== '') yield { which, text, fraction: written / (2 * settings.length) };
      }
    }
    const [untouched, changed] = writers.map(({ symbols }) => countSymbols(vocabulary, symbols));
    return (untouched ?? []).map(({ name, rate }, index) => ({
      name,
      untouched: rate,
      held: changed?.[index]?.rate ?? 0,
    }));
  } finally {
    networks.untouched.dispose();
    networks.held.dispose();
  }
}

interface Writer {
  readonly which: WrittenPortion['which'];
  /** What it has written, as indices. */
  readonly symbols: number[];
  readonly generator: TextGenerator;
}

function writePortion(generator: TextGenerator, symbols: number[]): string {
  let text = '';
  for (let count = 0; count < portion; count++) {
    const symbol = generator.next();
    if (symbol === undefined) break;
    symbols.push(symbol.index);
    text += symbol.text;
  }
  return text;
}

function countSymbols(vocabulary: Vocabulary, indices: readonly number[]): ReturnType<typeof countText> {
  const symbols = allocateSymbols(vocabulary.codes.length, indices.length);
  symbols.set(indices);
  return countText(characterText(vocabulary, symbols), indices.length);
}
