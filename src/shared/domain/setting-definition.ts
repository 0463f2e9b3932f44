import { z } from 'zod';

/**
 * How one setting is described. The command line's options and help, the schema that checks input, the docs page and the
 * forms of the window are all derived from these; nothing about a setting is written down twice.
 */
interface Described {
  /** Name on the command line, without the dashes. */
  readonly flag: string;
  /** Short title for forms and tables. */
  readonly title: string;
  /** One sentence: what changing it does. */
  readonly effect: string;
  readonly group: SettingGroup;
  /** The corresponding option of char-rnn, for its users. */
  readonly charRnn?: string;
  /** Its glossary entry. */
  readonly term?: string;
  /** True if it may change when a run is resumed: it affects only later iterations. */
  readonly changeableOnResume?: true;
  /** True for settings that few people change: forms collapse them below the others of their group. */
  readonly advanced?: true;
  /** True when it belongs to the text or the name of one run: presets and sweeps leave it alone. */
  readonly ofText?: true;
}

export type SettingGroup =
  'data' | 'model' | 'training' | 'schedule' | 'regularisation' | 'safety' | 'writing';

export interface NumberSetting extends Described {
  readonly kind: 'integer' | 'number';
  readonly minimum: number;
  readonly maximum: number;
  /** True when the minimum (or maximum) itself is not allowed. */
  readonly exclusiveMinimum?: boolean;
  readonly exclusiveMaximum?: boolean;
  readonly default: number;
  readonly unit: string;
  /** A share: forms and sentences show it in percent. */
  readonly isShare?: true;
  /** The usual range; values outside it can be typed. Without it there is no slider. */
  readonly slider?: Slider;
  /** Distance between two positions of the slider if it is not 1 (whole numbers) or 0.01. */
  readonly step?: number;
}

export interface Slider {
  readonly minimum: number;
  readonly maximum: number;
  /** True for a logarithmic scale. */
  readonly logarithmic?: true;
}

export interface ChoiceSetting<T extends string = string> extends Described {
  readonly kind: 'choice';
  readonly choices: readonly T[];
  /** Every choice as displayed. */
  readonly words: Readonly<Record<string, string>>;
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

/** The values of a setting as text: "lstm, gru or rnn", "a whole number from 1 to 65,536 (symbols)". */
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
  return describeSettingValue(definition, definition.default);
}

/** A value as it would be typed. */
export function describeSettingValue({ kind }: SettingDefinition, value: string | number | boolean): string {
  if (kind === 'switch') return value === true ? 'on' : 'off';
  return value === '' ? 'none' : String(value);
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
