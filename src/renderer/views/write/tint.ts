import type { WrittenPage } from '../../stores/writing/written-text.ts';

/** How sure the model was of a symbol, in steps that an eye can tell apart. */
export const tintLevels = [
  { level: 'sure', word: 'sure', range: '80 % and more', from: 0.8 },
  { level: 'likely', word: 'likely', range: '40 to 80 %', from: 0.4 },
  { level: 'open', word: 'one of several', range: '15 to 40 %', from: 0.15 },
  { level: 'unlikely', word: 'unlikely', range: '3 to 15 %', from: 0.03 },
  { level: 'surprising', word: 'a surprise', range: 'less than 3 %', from: 0 },
] as const;

export type TintLevel = (typeof tintLevels)[number]['level'];

export function tintLevel(probability: number): TintLevel {
  return tintLevels.find(({ from }) => probability >= from)?.level ?? 'surprising';
}

/** Neighbouring symbols of one level: what is drawn as one element. */
export interface TintRun {
  readonly level: TintLevel;
  readonly text: string;
}

export function tintRuns({ texts, probabilities }: WrittenPage): readonly TintRun[] {
  const runs: { level: TintLevel; text: string }[] = [];
  for (let i = 0; i < texts.length; i++) {
    const level = tintLevel(probabilities[i] ?? 0);
    const text = texts[i] ?? '';
    const last = runs.at(-1);
    if (last?.level === level) last.text += text;
    else runs.push({ level, text });
  }
  return runs;
}

/**
 * Text as it is drawn: every character in its place, so that offsets stay true, but a carriage return breaks a line only where no line feed
 * follows, and the line ends of other systems break lines too.
 */
export function drawn(text: string): string {
  return text.replace(/\r(?=\n)/g, '\u2060').replace(/[\r\u0085\u2028\u2029]/g, '\n');
}
