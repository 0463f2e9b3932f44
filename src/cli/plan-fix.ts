import type { PlanFix, PlanWarning } from '../shared/planning/plan-types.ts';
import { runSettings } from '../shared/domain/run-settings.ts';

/** A fix as options to type: "--batch-size 14 --seq-length 14"; null when there is none. */
export function fixOptions(fix: PlanFix | null): string | null {
  if (fix === null) return null;
  const { batchSize, sequenceLength, trainFraction, validationFraction } = runSettings;
  const named = { batchSize, sequenceLength, trainFraction, validationFraction };
  return Object.entries(fix)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `--${named[key as keyof PlanFix].flag} ${String(value)}`)
    .join(' ');
}

/** Warnings as lines of text, with the options that fix them. */
export function warningLines(warnings: readonly PlanWarning[]): readonly string[] {
  return warnings.flatMap(({ blocking, message, fix }) => {
    const options = fixOptions(fix);
    const line = `${blocking ? 'problem: ' : 'warning: '}${message}`;
    return options === null ? [line] : [line, `         try ${options}`];
  });
}
