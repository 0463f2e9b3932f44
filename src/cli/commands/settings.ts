import type { Command } from 'commander';
import { runSettings } from '../../shared/domain/run-settings.ts';
import { sampleSettings } from '../../shared/domain/sample-settings.ts';
import {
  describeDefault,
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
  return Object.entries(tables)
    .map(([command, table]) => `charloom ${command}\n${formatTable(columns, Object.values(table).map(row))}`)
    .join('\n\n');
}

const columns = [{ title: 'option' }, { title: 'default' }, { title: 'values' }];

function row(definition: SettingDefinition): string[] {
  return [`--${definition.flag}`, describeDefault(definition), describeValues(definition)];
}

function asJson(): unknown {
  return Object.fromEntries(
    Object.entries(tables).map(([command, table]) => [command, Object.entries(table).map(settingAsJson)]),
  );
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
