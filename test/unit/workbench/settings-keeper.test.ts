import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { defaultRunSettings } from '../../../src/shared/domain/run-settings.ts';
import { defaultAppSettings } from '../../../src/shared/domain/app.ts';
import { SettingsKeeper } from '../../../src/workbench/settings-keeper.ts';
import { asStored, readSettings } from '../../../src/workbench/stored-settings.ts';
import { temporaryFolder } from '../../support/texts.ts';

describe('settings', () => {
  test.each([undefined, null, 5, 'text', []])('that are %j are the defaults', (stored) => {
    expect(readSettings(asStored(stored))).toEqual(defaultAppSettings);
  });

  test('of which one is invalid keep the others; unknown ones are left out', () => {
    const stored = { theme: 'dark', textSize: 99, keepBest: 4, colour: 'red' };
    expect(readSettings(stored)).toEqual({ ...defaultAppSettings, theme: 'dark', keepBest: 4 });
  });

  test('are written before they apply, and every listener is notified', async () => {
    const written: unknown[] = [{}];
    const keeper = new SettingsKeeper({
      path: '',
      read: () => written.at(-1),
      write: (settings) => written.push(settings),
    });
    const heard: string[] = [];
    const stop = keeper.onChange(({ theme }) => heard.push(theme));
    await keeper.change({ theme: 'dark', textSize: undefined });
    stop();
    await keeper.change({ theme: 'light' });
    expect(heard).toEqual(['dark']);
    expect(written.at(-1)).toEqual({ ...defaultAppSettings, theme: 'light' });
    await expect(keeper.change({ keepBest: -1 })).rejects.toThrow();
    expect(keeper.get()).toEqual({ ...defaultAppSettings, theme: 'light' });
  });

  test('that cannot be written do not apply', async () => {
    const keeper = new SettingsKeeper({
      path: 'settings.json',
      read: () => ({}),
      write: () => writeFileSync(join(temporaryFolder('settings'), 'nowhere', 'settings.json'), ''),
    });
    await expect(keeper.change({ theme: 'dark' })).rejects.toMatchObject({
      code: 'storage',
      message: 'Could not keep the settings: the folder does not exist (settings.json).',
    });
    expect(keeper.get().theme).toBe('system');
  });

  test('that another Charloom has changed meanwhile are changed, not overwritten', async () => {
    const preset = (name: string, rnnSize: number) => ({
      name,
      settings: { ...defaultRunSettings, rnnSize },
    });
    let kept: unknown = { presets: [preset('a', 1), preset('b', 2), preset('c', 3)] };
    const place = { path: '', read: () => kept, write: (settings: unknown) => (kept = settings) };
    const mine = new SettingsKeeper(place);
    const other = new SettingsKeeper(place);
    // The other process has removed a, changed b, and added d; here b is removed, c changed, and e added.
    await other.change({ theme: 'dark', presets: [preset('b', 20), preset('c', 3), preset('d', 4)] });
    await mine.change({ textSize: 1.4, presets: [preset('a', 1), preset('c', 30), preset('e', 5)] });
    expect(kept).toEqual({
      ...defaultAppSettings,
      ...{ theme: 'dark', textSize: 1.4, presets: [preset('c', 30), preset('d', 4), preset('e', 5)] },
    });
  });

  test('that no other process has changed are exactly those of the page', async () => {
    const preset = (name: string) => ({ name, settings: defaultRunSettings });
    let kept: unknown = { presets: [preset('b')] };
    const keeper = new SettingsKeeper({ path: '', read: () => kept, write: (settings) => (kept = settings) });
    await keeper.change({ presets: [preset('a'), preset('b')] });
    expect(keeper.get().presets.map(({ name }) => name)).toEqual(['a', 'b']);
  });
});
