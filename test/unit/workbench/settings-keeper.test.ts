import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { defaultAppSettings } from '../../../src/shared/domain/app.ts';
import { SettingsKeeper } from '../../../src/workbench/settings-keeper.ts';
import { asStored, readSettings } from '../../../src/workbench/stored-settings.ts';
import { temporaryFolder } from '../../support/texts.ts';

describe('settings', () => {
  test.each([undefined, null, 5, 'text', []])('that are %j are the defaults', (stored) => {
    expect(readSettings(asStored(stored))).toEqual(defaultAppSettings);
  });

  test('of which one is bad keep the others; what nobody knows is left out', () => {
    const stored = { theme: 'dark', textSize: 99, keepBest: 4, colour: 'red' };
    expect(readSettings(stored)).toEqual({ ...defaultAppSettings, theme: 'dark', keepBest: 4 });
  });

  test('are written before they hold, and everybody who listens hears of them', () => {
    const written: unknown[] = [];
    const keeper = new SettingsKeeper({
      path: '',
      read: () => ({}),
      write: (settings) => written.push(settings),
    });
    const heard: string[] = [];
    const stop = keeper.onChange(({ theme }) => heard.push(theme));
    keeper.change({ theme: 'dark', textSize: undefined });
    stop();
    keeper.change({ theme: 'light' });
    expect(heard).toEqual(['dark']);
    expect(written.at(-1)).toEqual({ ...defaultAppSettings, theme: 'light' });
    expect(() => keeper.change({ keepBest: -1 })).toThrow();
    expect(keeper.get()).toEqual({ ...defaultAppSettings, theme: 'light' });
  });

  test('that cannot be written do not pretend to hold', () => {
    const keeper = new SettingsKeeper({
      path: 'settings.json',
      read: () => ({}),
      write: () => writeFileSync(join(temporaryFolder('settings'), 'nowhere', 'settings.json'), ''),
    });
    let thrown: unknown;
    try {
      keeper.change({ theme: 'dark' });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({
      code: 'storage',
      message: 'Could not keep the settings: the folder is gone (settings.json).',
    });
    expect(keeper.get().theme).toBe('system');
  });
});
