import { builtInProperties, type PropertyRequest } from '../../../shared/domain/inspected-properties.ts';
import { assertNever } from '../../../shared/errors.ts';
import { placeOf, type InspectedSymbols, type Range } from '../pieces.ts';
import { endsSentence, labelBuiltIn } from './built-in.ts';
import { bySymbols, characterText, has, is, type CharacterText } from './character-text.ts';
import { codesOf, endsWith, insidePairs } from './pairs.ts';

/** Characters before and after a part that its labels may depend on. */
const before = 8000;
const after = 8000;

/** True for a numeric property, false for a yes-or-no one. */
export function isNumber(property: PropertyRequest): boolean {
  return property.kind === 'built-in' && builtInProperties[property.name].yes === null;
}

/** The labels of the symbols [from, to) among all pieces. */
export function labelPositions(
  text: InspectedSymbols,
  property: PropertyRequest,
  from = 0,
  to = text.length,
): Float32Array {
  const labels = new Float32Array(to - from);
  if (property.kind === 'passages') {
    for (const { start, end } of property.passages) {
      labels.fill(1, Math.max(0, start - from), Math.max(0, end - from));
    }
    return labels;
  }
  for (const piece of text.pieces) {
    const [first, last] = [Math.max(from, piece.start), Math.min(to, piece.end)];
    if (first >= last) continue;
    const range = { start: placeOf(piece, first), end: placeOf(piece, last) };
    labels.set(labelRange(text, property, range), first - from);
  }
  return labels;
}

/** The labels of a part of the whole text. Marked passages are only known within the pieces. */
export function labelRange(
  { vocabulary, symbols }: InspectedSymbols,
  property: Exclude<PropertyRequest, { kind: 'passages' }>,
  { start, end }: Range,
): Float32Array {
  const first = Math.max(0, start - before);
  const characters = characterText(vocabulary, symbols.subarray(first, end + after));
  const labels = bySymbols(characters, labelCharacters(characters, property));
  return labels.subarray(start - first, end - first);
}

function labelCharacters(
  text: CharacterText,
  property: Exclude<PropertyRequest, { kind: 'passages' }>,
): Float32Array {
  switch (property.kind) {
    case 'built-in':
      return labelBuiltIn[property.name](text);
    case 'pair':
      return insidePairs(text, [property]);
    case 'word':
      return afterWord(text, property.word);
    default:
      return assertNever(property);
  }
}

/** 1 from the last letter of a word to the end of its sentence. The word must be complete, unless it is not a word. */
function afterWord(text: CharacterText, word: string): Float32Array {
  const wanted = codesOf(word);
  const isPart = (at: number): boolean => has(text, at, is.letter | is.digit | is.mark);
  let isAfter = false;
  return Float32Array.from(text.codes, (_, at) => {
    if (endsSentence(text, at)) isAfter = false;
    const first = at - wanted.length + 1;
    const stands = !(isPart(first) && isPart(first - 1)) && !(isPart(at) && isPart(at + 1));
    if (stands && endsWith(text, at, wanted)) isAfter = true;
    return isAfter ? 1 : 0;
  });
}
