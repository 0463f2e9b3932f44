import { runSettings } from '../../../shared/domain/run-settings.ts';
import type { PlanFix } from '../../../shared/planning/plan-types.ts';

/** What a fix sets, for a button and for the message after it: "batch size 14 and sequence length 14". */
export function fixInWords(fix: PlanFix): string {
  const parts = (Object.entries(fix) as [keyof PlanFix, number | undefined][])
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${runSettings[key].title.toLowerCase()} ${String(value)}`);
  return parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
