import { tintLevel, type TintLevel } from '../../../shared/format/tint.ts';
import type { WrittenPage } from '../../stores/writing/written-text.ts';

/** Neighbouring symbols of one level, drawn as one element. */
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
