import type { OfferedChoice } from '../../shared/domain/documents.ts';
import { countCharacters } from './decode.ts';

interface Source {
  readonly name: string;
  readonly values: readonly string[];
}

/** A column with this many times as many characters as the next is clearly the one that is meant. */
const clearly = 4;
const exampleLength = 80;

/**
 * The alternatives that a file offers, and the one used.
 * @param chosen index into `sources`; null: the one with the most text
 */
export function offerOf(
  kind: OfferedChoice['kind'],
  sources: readonly Source[],
  chosen: number | null,
): OfferedChoice {
  const options = sources.map(({ name, values }) => ({
    name,
    characters: values.reduce((sum, value) => sum + countCharacters(value), 0),
    letters: values.reduce((sum, value) => sum + (isProse(value) ? countCharacters(value) : 0), 0),
    example: Array.from(values.find((value) => value.trim() !== '') ?? '')
      .slice(0, exampleLength)
      .join('')
      .trim(),
  }));
  const ranked = options.toSorted((a, b) => b.letters - a.letters || b.characters - a.characters);
  const [best, next] = ranked;
  const isSure =
    best !== undefined && (next === undefined || best.letters >= clearly * Math.max(1, next.letters));
  return {
    kind,
    options: options.map(({ name, characters, example }) => ({ name, characters, example })),
    taken: (chosen === null ? best?.name : options[chosen]?.name) ?? null,
    isSure: chosen !== null || isSure,
  };
}

/** Numbers, dates, web addresses and identifiers are not text to learn from. */
function isProse(value: string): boolean {
  return /\p{L}{2}/u.test(value) && !/^(?:https?:\S+|[\w-]{20,}|\S+@\S+)$/.test(value.trim());
}

/** A sentence that says which one was used if there were others; null otherwise. */
export function takenWords({ kind, options, taken, isSure }: OfferedChoice): string | null {
  if (taken === null || options.length < 2) return null;
  const doubt = isSure ? '' : ', the one with the most text';
  return `The ${kind} “${taken}” was used${doubt}; the file has ${options.length}.`;
}
