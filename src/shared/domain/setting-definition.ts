import { z } from 'zod';

/**
 * How one setting is described. The command line's options and help, the schema that checks input, the docs page and the
 * forms of the window are all made from these; nothing about a setting is written down twice.
 */
interface Described {
  /** Name on the command line, without the dashes. */
  readonly flag: string;
  /** Short title for forms and tables. */
  readonly title: string;
  /** One sentence: what changing it does. */
  readonly effect: string;
  readonly group: SettingGroup;
  /** char-rnn's own option, where it has one, for people who come from there. */
  readonly charRnn?: string;
}

export type SettingGroup = 'data' | 'model' | 'training' | 'schedule' | 'safety' | 'writing';

export interface NumberSetting extends Described {
  readonly kind: 'integer' | 'number';
  readonly minimum: number;
  readonly maximum: number;
  /** True when the minimum (or maximum) itself is not allowed. */
  readonly exclusiveMinimum?: boolean;
  readonly exclusiveMaximum?: boolean;
  readonly default: number;
  readonly unit: string;
  /** A part of a whole: forms and sentences show it in percent. */
  readonly isShare?: true;
}

export interface ChoiceSetting<T extends string = string> extends Described {
  readonly kind: 'choice';
  readonly choices: readonly T[];
  readonly default: T;
}

/** Off unless named on the command line. */
export interface SwitchSetting extends Described {
  readonly kind: 'switch';
  readonly default: false;
}

export interface TextSetting extends Described {
  readonly kind: 'text';
  readonly pattern: RegExp;
  /** What the pattern means, for the error message. */
  readonly patternMeaning: string;
  readonly default: string;
}

export type SettingDefinition = NumberSetting | ChoiceSetting | SwitchSetting | TextSetting;

/** The value type a definition describes. */
export type SettingValue<D extends SettingDefinition> =
  D extends ChoiceSetting<infer T>
    ? T
    : D extends TextSetting
      ? string
      : D extends SwitchSetting
        ? boolean
        : number;

/** The values of a whole table of settings, every one present. */
export type SettingValues<T extends Record<string, SettingDefinition>> = {
  readonly [K in keyof T]: SettingValue<T[K]>;
};

/** Checks a complete set of values for a table; unknown keys are refused. */
export function tableSchema<T extends Record<string, SettingDefinition>>(
  table: T,
): z.ZodType<SettingValues<T>> {
  const fields = Object.entries(table).map(([key, definition]) => [key, settingSchema(definition)]);
  return z.strictObject(Object.fromEntries(fields)) as unknown as z.ZodType<SettingValues<T>>;
}

/** The defaults of a table. */
export function tableDefaults<T extends Record<string, SettingDefinition>>(table: T): SettingValues<T> {
  const fields = Object.entries(table).map(([key, definition]) => [key, definition.default]);
  return Object.fromEntries(fields) as SettingValues<T>;
}

/** The zod schema of one setting; messages name the setting and its range. */
export function settingSchema(definition: SettingDefinition): z.ZodType<string | number | boolean> {
  switch (definition.kind) {
    case 'choice':
      return z.enum(definition.choices as readonly [string, ...string[]], {
        error: () => `${definition.title} must be one of ${definition.choices.join(', ')}`,
      });
    case 'text':
      return z.string().regex(definition.pattern, {
        error: () => `${definition.title} ${definition.patternMeaning}`,
      });
    case 'switch':
      return z.boolean({ error: () => `${definition.title} must be on or off` });
    case 'integer':
    case 'number':
      return numberSchema(definition);
    default:
      return definition satisfies never;
  }
}

/** "from 1 to 65,536", "above 0, at most 10", "from 0 up to but not including 1". */
export function describeRange(definition: NumberSetting): string {
  const minimum = definition.minimum.toLocaleString('en-US');
  const maximum = definition.maximum.toLocaleString('en-US');
  if (definition.exclusiveMaximum) {
    return `${definition.exclusiveMinimum ? 'above' : 'from'} ${minimum} up to but not including ${maximum}`;
  }
  return definition.exclusiveMinimum
    ? `above ${minimum}, at most ${maximum}`
    : `from ${minimum} to ${maximum}`;
}

/** The values a setting takes, in words: "lstm, gru or rnn", "a whole number from 1 to 65,536 (symbols)". */
export function describeValues(definition: SettingDefinition): string {
  switch (definition.kind) {
    case 'choice':
      return definition.choices.join(', ').replace(/, (?=[^,]*$)/, ' or ');
    case 'switch':
      return 'on when named';
    case 'text':
      return `text that ${definition.patternMeaning}`;
    case 'integer':
    case 'number': {
      const unit = definition.unit === '' ? '' : ` (${definition.unit})`;
      return `${definition.kind === 'integer' ? 'a whole number' : 'a number'} ${describeRange(definition)}${unit}`;
    }
    default:
      return definition satisfies never;
  }
}

/** The default as it would be typed. */
export function describeDefault(definition: SettingDefinition): string {
  if (definition.kind === 'switch') return 'off';
  return definition.default === '' ? 'none' : String(definition.default);
}

function numberSchema(definition: NumberSetting): z.ZodType<number> {
  const error = () =>
    `${definition.title} must be ${definition.kind === 'integer' ? 'a whole number' : 'a number'} ${describeRange(definition)}`;
  const base = definition.kind === 'integer' ? z.int({ error }) : z.number({ error });
  const low = definition.exclusiveMinimum
    ? base.gt(definition.minimum, { error })
    : base.gte(definition.minimum, { error });
  return definition.exclusiveMaximum
    ? low.lt(definition.maximum, { error })
    : low.lte(definition.maximum, { error });
}
