import { Option, type Command } from 'commander';
import { CharloomError } from '../shared/errors.ts';
import {
  describeRange,
  describeSettingValue,
  settingSchema,
  type ChoiceSetting,
  type SettingDefinition,
  type SwitchSetting,
} from '../shared/domain/setting-definition.ts';
import type { SettingTable, SettingValues } from '../shared/domain/setting-table.ts';
import { assertNever } from '../shared/errors.ts';
import { readTypedNumber } from '../shared/format/typed-number.ts';
import { nearest } from './suggest.ts';

const groupTitles = {
  data: 'Text:',
  model: 'The model:',
  training: 'Learning:',
  schedule: 'Length and evaluation:',
  regularisation: 'Regularisation:',
  safety: 'Errors:',
  writing: 'Writing:',
} as const;

interface SettingOptions {
  /** True: a switch can be turned off (`--no-layer-norm`), because something other than its option, such as a recipe, may have turned it on. */
  readonly canTurnOff?: boolean;
  /** Values of settings that are not given, if they differ from the table's defaults. */
  readonly usual?: Readonly<Record<string, string | number | boolean>>;
}

/** Adds one option per setting of a table; values are checked as they are parsed, and only those given are present. */
export function addSettings(
  command: Command,
  table: SettingTable,
  { canTurnOff = false, usual = {} }: SettingOptions = {},
): Command {
  for (const [key, definition] of Object.entries(table)) {
    command.addOption(settingOption(definition, usual[key]));
    if (canTurnOff && definition.kind === 'switch') command.addOption(turningOff(definition));
  }
  return command;
}

function turningOff({ flag, title, group }: SwitchSetting): Option {
  return new Option(`--no-${flag}`, `${title}: off, even if the recipe turns it on`).helpGroup(
    groupTitles[group],
  );
}

/** The settings of a table that were given on the command line, by their keys. */
export function givenSettings<T extends SettingTable>(
  table: T,
  options: Readonly<Record<string, unknown>>,
): Partial<SettingValues<T>> {
  const given = Object.entries(table)
    .map(([key, definition]) => [key, options[settingOption(definition).attributeName()]] as const)
    .filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as Partial<SettingValues<T>>;
}

/**
 * One setting as an option of the command line.
 * @param usual its value if it is not given
 */
export function settingOption(
  definition: SettingDefinition,
  usual: string | number | boolean = definition.default,
): Option {
  const option = new Option(optionFlags(definition), describeSetting(definition, usual));
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

function describeSetting(definition: SettingDefinition, usual: string | number | boolean): string {
  const unit = 'unit' in definition && definition.unit !== '' ? ` ${definition.unit}` : '';
  const value = describeSettingValue(definition, usual);
  // That a switch is off unless named need not be said.
  const isSaid = usual !== '' && usual !== false;
  return isSaid ? `${definition.effect} (default ${value}${unit})` : definition.effect;
}

/**
 * The value of a setting as typed. Throws CharloomError('usage') that names the option, the value and what is allowed.
 */
export function parseSetting(definition: SettingDefinition, text: string): string | number | boolean {
  const isNumber = definition.kind === 'integer' || definition.kind === 'number';
  const result = settingSchema(definition).safeParse(isNumber ? typedValue(definition, text) : text);
  if (result.success) return result.data;
  const reason = result.error.issues[0]?.message ?? 'is not valid';
  throw new CharloomError('usage', `--${definition.flag} cannot be ${quoted(text)}: ${reason}.`, {
    fix: definition.kind === 'choice' ? choiceFix(definition, text) : numberFix(definition, text),
  });
}

function choiceFix({ flag, choices }: ChoiceSetting, text: string): string | undefined {
  const near = nearest(text, choices);
  return near === undefined ? undefined : `Did you mean --${flag} ${near}?`;
}

/** Commands accept one spelling only, so that a script means the same everywhere; other spellings get a hint. */
function numberFix(definition: SettingDefinition, text: string): string | undefined {
  if (definition.kind !== 'integer' && definition.kind !== 'number') return undefined;
  if (definition.flag === 'temperature' && parseNumber(text) === 0) {
    return 'To always take the likeliest symbol, use --greedy.';
  }
  const { flag, minimum, maximum } = definition;
  const read = readTypedNumber(text, { whole: definition.kind === 'integer', minimum, maximum });
  const possible = read.kind === 'number' ? [read.value] : read.kind === 'ambiguous' ? read.readings : [];
  const allowed = possible.filter((value) => settingSchema(definition).safeParse(value).success);
  if (allowed.length === 0) return undefined;
  const options = allowed.map((value) => `--${flag} ${value}`).join(' or ');
  return `Write decimals with a point and numbers without thousands separators: ${options}.`;
}

/**
 * A decimal number as typed, or NaN. `Number` alone would accept "", " ", "0x10" and "Infinity".
 */
export function parseNumber(text: string): number {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
}

/** The number that was typed; "1.000" is one in some countries and a thousand in others, so it is not accepted as a whole number. */
function typedValue({ kind }: SettingDefinition, text: string): number {
  return kind === 'integer' && /\.\d{3}$/.test(text) ? Number.NaN : parseNumber(text);
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
    const value = typedValue(definition, text);
    if (settingSchema(definition).safeParse(value).success) return value;
    throw new CharloomError(
      'usage',
      `--${flag} cannot be ${quoted(text)}: it must be a whole number ${describeRange(definition)}.`,
      { fix: numberFix(definition, text) },
    );
  });
}

/** An option with a fixed set of values. */
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
