import { Option, type Command } from 'commander';
import { CharloomError } from '../shared/errors.ts';
import { describeRange, settingSchema, type SettingDefinition } from '../shared/domain/setting-definition.ts';
import type { SettingTable, SettingValues } from '../shared/domain/setting-table.ts';
import { assertNever } from '../shared/errors.ts';
import { nearest } from './suggest.ts';

const groupTitles = {
  data: 'The text and how it is read:',
  model: 'The model:',
  training: 'Learning:',
  schedule: 'How long, how often:',
  safety: 'When things go wrong:',
  writing: 'Writing:',
} as const;

/** Adds one option per setting of a table; values are checked as they are read, and only those given are present. */
export function addSettings(command: Command, table: SettingTable): Command {
  for (const definition of Object.values(table)) command.addOption(settingOption(definition));
  return command;
}

/** The settings of a table that were given on the command line, by their keys in the table. */
export function givenSettings<T extends SettingTable>(
  table: T,
  options: Readonly<Record<string, unknown>>,
): Partial<SettingValues<T>> {
  const given = Object.entries(table)
    .map(([key, definition]) => [key, options[settingOption(definition).attributeName()]] as const)
    .filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as Partial<SettingValues<T>>;
}

/** One setting as an option of the command line. */
export function settingOption(definition: SettingDefinition): Option {
  const option = new Option(optionFlags(definition), describeSetting(definition));
  option.helpGroup(groupTitles[definition.group]);
  return definition.kind === 'switch' ? option : option.argParser((text) => parseSetting(definition, text));
}

function optionFlags(definition: SettingDefinition): string {
  switch (definition.kind) {
    case 'switch':
      return `--${definition.flag}`;
    case 'choice':
      return `--${definition.flag} <${definition.choices.join('|')}>`;
    case 'text':
      return `--${definition.flag} <text>`;
    case 'integer':
    case 'number':
      return `--${definition.flag} <number>`;
    default:
      return assertNever(definition);
  }
}

function describeSetting(definition: SettingDefinition): string {
  const unit = 'unit' in definition && definition.unit !== '' ? ` ${definition.unit}` : '';
  const value =
    definition.kind === 'switch' || definition.default === ''
      ? ''
      : ` (default ${definition.default}${unit})`;
  return `${definition.effect}${value}`;
}

/**
 * The value of a setting as typed. Throws CharloomError('usage') that names the option, the value and what would do.
 */
export function parseSetting(definition: SettingDefinition, text: string): string | number | boolean {
  const isNumber = definition.kind === 'integer' || definition.kind === 'number';
  const result = settingSchema(definition).safeParse(isNumber ? parseNumber(text) : text);
  if (result.success) return result.data;
  const reason = result.error.issues[0]?.message ?? 'is not valid';
  const near = definition.kind === 'choice' ? nearest(text, definition.choices) : undefined;
  throw new CharloomError('usage', `--${definition.flag} cannot be ${quoted(text)}: ${reason}.`, {
    ...(near === undefined ? {} : { fix: `Did you mean --${definition.flag} ${near}?` }),
  });
}

/**
 * A decimal number as typed, or not a number. `Number` alone would take "", " ", "0x10", "Infinity" and "1_0" for something.
 */
export function parseNumber(text: string): number {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
}

/** An option with a whole number that belongs to no settings table, checked in the same way. */
export function integerOption(
  flag: string,
  description: string,
  range: { minimum: number; maximum: number },
): Option {
  const definition = {
    kind: 'integer',
    flag,
    title: `--${flag}`,
    effect: description,
    group: 'data',
    unit: '',
    default: range.minimum,
    ...range,
  } as const;
  return new Option(`--${flag} <number>`, description).argParser((text) => {
    const value = parseNumber(text);
    if (settingSchema(definition).safeParse(value).success) return value;
    throw new CharloomError(
      'usage',
      `--${flag} cannot be ${quoted(text)}: it must be a whole number ${describeRange(definition)}.`,
    );
  });
}

/** An option that takes one of a few words. */
export function choiceOption(flag: string, description: string, choices: readonly string[]): Option {
  return new Option(`--${flag} <${choices.join('|')}>`, description).argParser((text) => {
    if (choices.includes(text)) return text;
    const near = nearest(text, choices);
    throw new CharloomError(
      'usage',
      `--${flag} cannot be ${quoted(text)}: it must be one of ${choices.join(', ')}.`,
      {
        ...(near === undefined ? {} : { fix: `Did you mean --${flag} ${near}?` }),
      },
    );
  });
}

function quoted(text: string): string {
  return text === '' ? 'empty' : `“${text}”`;
}
