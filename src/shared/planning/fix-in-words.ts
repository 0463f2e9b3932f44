import { runSettings } from '../domain/run-settings.ts';
import { settingInWords } from '../domain/setting-words.ts';
import type { PlanFix } from './plan-types.ts';

const keys = ['batchSize', 'sequenceLength', 'trainFraction', 'validationFraction'] as const;

/** What a fix sets, in the words of the forms: "batch size 14 and training share 94 %". */
export function fixInWords(fix: PlanFix): string {
  const parts = keys.flatMap((key) => {
    const value = fix[key];
    if (value === undefined) return [];
    return `${runSettings[key].title.toLowerCase()} ${settingInWords(runSettings[key], value)}`;
  });
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;
}
