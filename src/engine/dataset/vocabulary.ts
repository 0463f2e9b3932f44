import { CharloomError } from '../../shared/errors.ts';
import type { SymbolArray, SymbolMode, Vocabulary } from './corpus.ts';

/** Makes a vocabulary of distinct codes in any order. */
export function createVocabulary(mode: SymbolMode, codes: Iterable<number>): Vocabulary {
  return { mode, codes: [...codes].sort((a, b) => a - b) };
}

/** All symbols of two vocabularies of one mode. */
export function joinVocabularies({ mode, codes }: Vocabulary, others: Vocabulary): Vocabulary {
  return createVocabulary(mode, new Set([...codes, ...others.codes]));
}

/** One string per symbol in index order, as checkpoints store them; a byte is the character with its value. */
export function vocabularySymbols(vocabulary: Vocabulary): string[] {
  return vocabulary.codes.map((code) => String.fromCodePoint(code));
}

/**
 * The vocabulary that `symbols` were written from.
 * @throws CharloomError 'bad-checkpoint' unless every entry is one symbol and they ascend.
 */
export function vocabularyFromSymbols(symbols: readonly string[], mode: SymbolMode): Vocabulary {
  const codes = symbols.map((symbol) => onlyCode(symbol, mode));
  if (codes.length === 0) throw new CharloomError('bad-checkpoint', 'The vocabulary is empty.');
  codes.forEach((code, index) => {
    if (index > 0 && code <= (codes[index - 1] ?? 0)) {
      throw new CharloomError(
        'bad-checkpoint',
        `The vocabulary is out of order at entry ${index} (${shown(code)}).`,
      );
    }
  });
  return { mode, codes };
}

function onlyCode(symbol: string, mode: SymbolMode): number {
  const code = symbol.codePointAt(0) ?? -1;
  const isOne = code >= 0 && String.fromCodePoint(code) === symbol;
  if (isOne && (mode === 'characters' || code < 256)) return code;
  throw new CharloomError(
    'bad-checkpoint',
    `The vocabulary contains ${JSON.stringify(symbol)}, which is not a symbol.`,
  );
}

function shown(code: number): string {
  return JSON.stringify(String.fromCodePoint(code));
}

/** Index of each code, -1 where the vocabulary has none: one look-up in an array that reaches to the largest code. */
export function indexByCode(vocabulary: Vocabulary): Int32Array {
  const index = new Int32Array((vocabulary.codes.at(-1) ?? -1) + 1).fill(-1);
  vocabulary.codes.forEach((code, position) => (index[code] = position));
  return index;
}

/** An array for N symbols of a vocabulary of V, as narrow as V allows. */
export function allocateSymbols(vocabularySize: number, length: number): SymbolArray {
  if (vocabularySize <= 2 ** 8) return new Uint8Array(length);
  return vocabularySize <= 2 ** 16 ? new Uint16Array(length) : new Uint32Array(length);
}

/** Turns symbols into text one at a time; in bytes mode a character appears once its last byte has arrived. */
export interface SymbolWriter {
  write(index: number): string;
  /** Incomplete bytes that are still held back: they become a replacement character. */
  end(): string;
}

/** Makes a writer for a stream of indices, for instance while sampling. */
export function createSymbolWriter(vocabulary: Vocabulary): SymbolWriter {
  if (vocabulary.mode === 'characters') {
    const symbols = vocabularySymbols(vocabulary);
    return { write: (index) => symbols[index] ?? '\uFFFD', end: () => '' };
  }
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const byte = new Uint8Array(1);
  return {
    write(index) {
      byte[0] = vocabulary.codes[index] ?? 0;
      return decoder.decode(byte, { stream: true });
    },
    end: () => decoder.decode(),
  };
}

/** The text that `indices` spell. Bytes are read as UTF-8, with replacement characters where they are not. */
export function decodeSymbols(indices: Iterable<number>, vocabulary: Vocabulary): string {
  const writer = createSymbolWriter(vocabulary);
  const parts: string[] = [];
  for (const index of indices) parts.push(writer.write(index));
  parts.push(writer.end());
  return parts.join('');
}
