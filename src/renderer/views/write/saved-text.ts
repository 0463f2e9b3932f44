import type { SampleSettings } from '../../../shared/domain/sample-settings.ts';
import { authorName } from '../../stores/writing/author.ts';
import { saveBlob } from '../../bridge/save-blob.ts';
import { severalTexts } from '../../../shared/format/several-texts.ts';
import type { LoadedModel } from '../../stores/writing/versions.ts';
import { bytesOf, textOf, type WrittenText } from '../../stores/writing/written-text.ts';

/** The settings of a text, as lines at the top of its file. */
export function settingsHeader(authors: readonly LoadedModel[], settings: SampleSettings): string {
  const { seed, stop, stopAtLineEnd } = settings;
  const lines = [
    `Written by ${authors.map(authorName).join(', then by ')}`,
    [...howDrawn(settings), `seed ${seed}`].join(', '),
    ...(stop === '' ? [] : [`stop text: ${JSON.stringify(stop)}`]),
    ...(stopAtLineEnd ? ['stops at a line end'] : []),
    `opening words: ${JSON.stringify(settings.primeText)}`,
  ];
  return `${lines.map((line) => `# ${line}`).join('\n')}\n\n`;
}

function howDrawn(settings: SampleSettings): readonly string[] {
  const { greedy, temperature, topK, topP, minP, repetitionGuard, repetitionFactor } = settings;
  return [
    greedy ? 'always the likeliest symbol' : `temperature ${temperature}`,
    ...(topK > 0 ? [`the ${topK} likeliest symbols only`] : []),
    ...(topP < 1 ? [`top-p ${topP}`] : []),
    ...(minP > 0 ? [`min-p ${minP}`] : []),
    ...(repetitionGuard > 0 ? [`repetition guard ${repetitionGuard}, factor ${repetitionFactor}`] : []),
    ...(settings.greedyInWords ? ['greedy inside words'] : []),
  ];
}

/** One of several texts, with the opening words as the model read them. */
export interface SavedText {
  readonly primeText: string;
  readonly written: WrittenText;
  readonly seed: number;
}

/** Several texts in one, as the command line writes them: bytes where all of it is bytes. */
export function joinTexts(texts: readonly SavedText[], isLine: boolean): string | Uint8Array<ArrayBuffer> {
  const bytes = texts.map(({ written }) => bytesOf(written));
  if (!bytes.every((each) => each !== null)) {
    const joined = texts.map(({ primeText, written, seed }) => ({ text: primeText + textOf(written), seed }));
    return severalTexts(joined, isLine);
  }
  // One character per byte: the text between them is ASCII.
  const joined = texts.map(({ primeText, seed }, index) => ({
    text: asCharacters(new TextEncoder().encode(primeText)) + asCharacters(bytes[index] ?? new Uint8Array()),
    seed,
  }));
  return Uint8Array.from(severalTexts(joined, isLine), (character) => character.charCodeAt(0));
}

function asCharacters(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}

/** A title as a part of a file name that every system allows. */
export function plainName(title: string): string {
  const plain = title
    .replace(/[^\p{L}\p{N}._ -]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^\.+/, '');
  return Array.from(plain).slice(0, 60).join('').trim() || 'text';
}

/** A file name that every system allows and that describes the content. */
export function savedName(title: string, settings: SampleSettings, count = 1): string {
  const words = plainName(title);
  const how = settings.greedy ? 'greedy' : `temperature ${settings.temperature}`;
  const which = count === 1 ? '' : `, ${count} texts`;
  return `${words}, ${how}, seed ${settings.seed}${which}.txt`;
}

/** Hands a text to the browser as a file to save, part after part: strings in UTF-8, bytes as they are. */
export function save(
  name: string,
  parts: readonly (string | Uint8Array<ArrayBuffer>)[],
  type: 'text/plain' | 'text/html' = 'text/plain',
): void {
  saveBlob(new Blob([...parts], { type: `${type};charset=utf-8` }), name);
}
