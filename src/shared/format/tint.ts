/** How confident the model was of a symbol, in steps that are easy to distinguish. */
export const tintLevels = [
  { level: 'sure', word: 'sure', range: '80 % and more', from: 0.8 },
  { level: 'likely', word: 'likely', range: '40 to 80 %', from: 0.4 },
  { level: 'open', word: 'one of several', range: '15 to 40 %', from: 0.15 },
  { level: 'unlikely', word: 'unlikely', range: '3 to 15 %', from: 0.03 },
  { level: 'surprising', word: 'a surprise', range: 'less than 3 %', from: 0 },
] as const;

export type TintLevel = (typeof tintLevels)[number]['level'];

/** The step that a probability is in. */
export function tintLevel(probability: number): TintLevel {
  return tintLevels.find(({ from }) => probability >= from)?.level ?? 'surprising';
}

/**
 * Text for display: every character keeps its position, so that offsets stay valid, but a carriage return breaks a line only if no line feed
 * follows, and the line ends of other systems break lines too.
 */
export function drawn(text: string): string {
  return text.replace(/\r(?=\n)/g, '\u2060').replace(/[\r\u0085\u2028\u2029]/g, '\n');
}
