import type { SettingDefinition } from './setting-definition.ts';
import { modelSettings } from './setting-tables/model-settings.ts';
import { textSettings } from './setting-tables/text-settings.ts';
import { trainingSettings } from './setting-tables/training-settings.ts';

/**
 * Every setting of a run, with char-rnn's defaults (train.lua at 6f9487a). This table is data: the command line, the schemas of input and files,
 * docs/settings.md and the forms are made from it.
 */
export const runSettings = {
  ...textSettings,
  ...modelSettings,
  ...trainingSettings,
} as const satisfies Record<string, SettingDefinition>;
