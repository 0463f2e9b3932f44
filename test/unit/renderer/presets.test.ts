import { describe, expect, it } from 'vitest';
import { defaultRunSettings } from '../../../src/shared/domain/run-settings.ts';
import { withoutPreset, withRenamedPreset } from '../../../src/renderer/stores/own-presets.ts';

const presets = ['quick', 'patient'].map((name) => ({ name, settings: defaultRunSettings }));

describe('presets', () => {
  it('are renamed in their place, under a name of their own', () => {
    expect(withRenamedPreset(presets, 'quick', ' fast ')?.map(({ name }) => name)).toEqual([
      'fast',
      'patient',
    ]);
    expect(withRenamedPreset(presets, 'quick', 'quick')?.map(({ name }) => name)).toEqual([
      'quick',
      'patient',
    ]);
    for (const wrong of ['', '   ', 'patient', 'x'.repeat(81)]) {
      expect(withRenamedPreset(presets, 'quick', wrong), wrong).toBeNull();
    }
  });

  it('are removed one by one', () => {
    expect(withoutPreset(presets, 'quick').map(({ name }) => name)).toEqual(['patient']);
  });
});
