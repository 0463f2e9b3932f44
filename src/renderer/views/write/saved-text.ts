import type { SampleSettings } from '../../../shared/domain/sample-settings.ts';
import { authorName } from '../../stores/writing/author.ts';
import type { LoadedModel } from '../../stores/writing/versions.ts';

/** What a text was written with, as lines to stand above it in a file. */
export function settingsHeader(authors: readonly LoadedModel[], settings: SampleSettings): string {
  const { greedy, temperature, topK, seed, stop } = settings;
  const choice = greedy ? 'always the likeliest symbol' : `temperature ${temperature}`;
  const lines = [
    `Written by ${authors.map(authorName).join(', then by ')}`,
    [choice, topK > 0 ? `the ${topK} likeliest symbols only` : '', `seed ${seed}`].filter(Boolean).join(', '),
    ...(stop === '' ? [] : [`stop text: ${JSON.stringify(stop)}`]),
    `opening words: ${JSON.stringify(settings.primeText)}`,
  ];
  return `${lines.map((line) => `# ${line}`).join('\n')}\n\n`;
}

/** A file name that every system allows and that says what is inside. */
export function savedName(title: string, settings: SampleSettings): string {
  const plain = title
    .replace(/[^\p{L}\p{N}._ -]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^\.+/, '');
  const words = Array.from(plain).slice(0, 60).join('').trim() || 'text';
  const how = settings.greedy ? 'greedy' : `temperature ${settings.temperature}`;
  return `${words}, ${how}, seed ${settings.seed}.txt`;
}

/** Hands a text to the browser as a file to keep, part after part: strings in UTF-8, bytes as they are. */
export function save(name: string, parts: readonly (string | Uint8Array<ArrayBuffer>)[]): void {
  const address = URL.createObjectURL(new Blob([...parts], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The download has begun by the next task; the text need not stay in memory for it.
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
