import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { settingsFile } from '../../../src/serve/settings-file.ts';
import { defaultAppSettings } from '../../../src/shared/domain/app.ts';
import { temporaryFolder } from '../../support/texts.ts';

test('settings that cannot be written leave nothing half-written beside them', () => {
  const folder = temporaryFolder('settings');
  const path = join(folder, 'settings.json');
  mkdirSync(path);
  expect(() => settingsFile(path).write(defaultAppSettings)).toThrow(/EISDIR|EPERM|EEXIST/);
  expect(readdirSync(folder)).toEqual(['settings.json']);
});
