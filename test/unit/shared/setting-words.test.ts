import { describe, expect, test } from 'vitest';
import { runSettings } from '../../../src/shared/domain/run-settings.ts';
import { settingInWords, toPercent } from '../../../src/shared/domain/setting-words.ts';
import { planChunks } from '../../../src/shared/planning/plan.ts';
import { fixInWords } from '../../../src/shared/planning/fix-in-words.ts';
import { planInput } from '../../support/plan-input.ts';

describe('a setting in words', () => {
  test('shares are percent, choices have their names, numbers stay', () => {
    expect(settingInWords(runSettings.trainFraction, 0.945)).toBe('94.5 %');
    expect(settingInWords(runSettings.validationFraction, 0.07)).toBe('7 %');
    expect(settingInWords(runSettings.model, 'gru')).toBe('GRU');
    expect(settingInWords(runSettings.dropout, 0.25)).toBe('0.25');
    // What binary fractions would show as 28.999999999999996.
    expect(toPercent(0.29)).toBe(29);
  });

  test('warnings of a plan, the fix beside them and the forms say the same', () => {
    const plan = planChunks(planInput(100_000, { trainFraction: 0.95, validationFraction: 0.05 }));
    const thin = plan.warnings.find(({ code }) => code === 'thin-validation');
    const words = fixInWords(thin?.fix ?? {});
    expect(words).toMatch(/training share \d+ % and validation share \d+ %/);
    expect(thin?.message.toLowerCase()).toContain(words);
    for (const { message } of plan.warnings) expect(message).not.toMatch(/fraction/);
    expect(words).toContain(runSettings.trainFraction.title.toLowerCase());
  });
});
