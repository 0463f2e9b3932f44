import type { Command } from 'commander';
import { recipeKeys, recipeNames, recipes, recipeWords } from '../../shared/domain/recipes.ts';
import { runSettings } from '../../shared/domain/run-settings.ts';
import { sampleSettings } from '../../shared/domain/sample-settings.ts';
import {
  describeDefault,
  describeSettingValue,
  describeValues,
  type SettingDefinition,
} from '../../shared/domain/setting-definition.ts';
import { formatTable } from '../../shared/format/tables.ts';
import { addCommand, outputFor } from '../command.ts';

const tables = { train: runSettings, sample: sampleSettings };

export function addSettingsCommand(program: Command): void {
  addCommand(program, 'settings', 'List every setting with its range and default').action(
    (options: { json?: boolean }) => outputFor(options).result(asJson(), asText),
  );
}

function asText(): string {
  const sections = Object.entries(tables).map(
    ([command, table]) => `charloom ${command}\n${formatTable(columns, Object.values(table).map(row))}`,
  );
  return [...sections, recipesAsText()].join('\n\n');
}

/** The settings that `--recipe` selects. */
function recipesAsText(): string {
  const about = recipeNames.map((name) => `--recipe ${name}: ${recipeWords[name].effect}`);
  const header = [{ title: 'option' }, ...recipeNames.map((title) => ({ title }))];
  const lines = recipeKeys.map((key) => [
    `--${runSettings[key].flag}`,
    ...recipeNames.map((name) => describeSettingValue(runSettings[key], recipes[name][key])),
  ]);
  return ['Recipes of charloom train', ...about, formatTable(header, lines)].join('\n');
}

const columns = [{ title: 'option' }, { title: 'default' }, { title: 'values' }];

function row(definition: SettingDefinition): string[] {
  return [`--${definition.flag}`, describeDefault(definition), describeValues(definition)];
}

function asJson(): unknown {
  const settings = Object.entries(tables).map(
    ([command, table]) => [command, Object.entries(table).map(settingAsJson)] as const,
  );
  return { ...Object.fromEntries(settings), recipes };
}

function settingAsJson([key, definition]: readonly [string, SettingDefinition]): unknown {
  return {
    key,
    option: `--${definition.flag}`,
    title: definition.title,
    default: definition.default,
    values: describeValues(definition),
    effect: definition.effect,
    char_rnn: definition.charRnn ?? null,
  };
}
