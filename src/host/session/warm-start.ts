import type { Checkpoint } from '../../engine/checkpoints/content.ts';
import type { TensorMap } from '../../engine/backends/backend.ts';
import { vocabularySymbols } from '../../engine/dataset/vocabulary.ts';
import type { Vocabulary } from '../../engine/dataset/corpus.ts';
import type { RunSettings } from '../../shared/domain/run-settings.ts';
import { CharloomError } from '../../shared/errors.ts';
import { formatSymbol } from '../../shared/format/symbols.ts';

/** How many symbols a message names before it only counts them. */
const mostNamed = 12;

/**
 * The settings of a run that begins with a checkpoint's parameters: model, sizes and dropout are the checkpoint's, as in char-rnn's
 * `-init_from`; iteration, learning rate and optimiser begin anew.
 */
export function warmStartSettings(settings: RunSettings, { metadata }: Checkpoint): RunSettings {
  const { model, rnnSize, numLayers, dropout } = metadata.spec;
  return { ...settings, model, rnnSize, numLayers, dropout };
}

/** The parameters of a checkpoint, without what belongs to the run that made it. */
export function parametersOf({ tensors }: Checkpoint): TensorMap {
  return new Map([...tensors].filter(([name]) => !/^(optimizer|state)\./.test(name)));
}

/**
 * A model's inputs and outputs are indices into the vocabulary, so a text fits a checkpoint only if its vocabulary is the same.
 * @throws CharloomError('incompatible') saying which symbols differ
 */
export function requireSameVocabulary(text: Vocabulary, { metadata }: Checkpoint): void {
  if (text.mode !== metadata.symbols) {
    throw new CharloomError(
      'incompatible',
      `The checkpoint reads and writes ${metadata.symbols}, this run ${text.mode}.`,
      { fix: `Read the text as ${metadata.symbols} too (--symbols ${metadata.symbols}).` },
    );
  }
  const symbols = vocabularySymbols(text);
  const unknown = without(symbols, metadata.vocabulary);
  const missing = without(metadata.vocabulary, symbols);
  if (unknown.length === 0 && missing.length === 0) return;
  const parts = [
    ...(unknown.length > 0 ? [`the checkpoint does not know ${list(unknown)}`] : []),
    ...(missing.length > 0 ? [`the text does not hold ${list(missing)}`] : []),
  ];
  throw new CharloomError(
    'incompatible',
    `The text and the checkpoint do not have the same symbols: ${parts.join('; ')}.`,
    {
      fix: 'Edit the text until its symbols are those of the checkpoint, or begin with fresh parameters (without --init-from).',
    },
  );
}

function without(symbols: readonly string[], others: readonly string[]): readonly string[] {
  const known = new Set(others);
  return symbols.filter((symbol) => !known.has(symbol));
}

function list(symbols: readonly string[]): string {
  const named = symbols.slice(0, mostNamed).map(formatSymbol).join(' ');
  const rest = symbols.length - mostNamed;
  return rest > 0 ? `${named} and ${rest} more` : named;
}
