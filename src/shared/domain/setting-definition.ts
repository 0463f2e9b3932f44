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

export type SettingGroup = 'data' | 'model' | 'training' | 'schedule' | 'safety';

export interface NumberSetting extends Described {
  readonly kind: 'integer' | 'number';
  readonly minimum: number;
  readonly maximum: number;
  /** True when the minimum (or maximum) itself is not allowed. */
  readonly exclusiveMinimum?: boolean;
  readonly exclusiveMaximum?: boolean;
  readonly default: number;
  readonly unit: string;
}

export interface ChoiceSetting<T extends string = string> extends Described {
  readonly kind: 'choice';
  readonly choices: readonly T[];
  readonly default: T;
}

export interface TextSetting extends Described {
  readonly kind: 'text';
  readonly pattern: RegExp;
  /** What the pattern means, for the error message. */
  readonly patternMeaning: string;
  readonly default: string;
}

export type SettingDefinition = NumberSetting | ChoiceSetting | TextSetting;

/** The value type a definition describes. */
export type SettingValue<D extends SettingDefinition> =
  D extends ChoiceSetting<infer T> ? T : D extends TextSetting ? string : number;

/** The zod schema of one setting; messages name the setting and its range. */
export function settingSchema(definition: SettingDefinition): z.ZodType<string | number> {
  switch (definition.kind) {
    case 'choice':
      return z.enum(definition.choices as readonly [string, ...string[]], {
        error: () => `${definition.title} must be one of ${definition.choices.join(', ')}`,
      });
    case 'text':
      return z.string().regex(definition.pattern, {
        error: () => `${definition.title} ${definition.patternMeaning}`,
      });
    case 'integer':
    case 'number':
      return numberSchema(definition);
  }
}

/** "from 0 up to but not including 1". */
export function describeRange(definition: NumberSetting): string {
  const from = definition.exclusiveMinimum
    ? `more than ${definition.minimum}`
    : `from ${definition.minimum.toLocaleString('en')}`;
  const to = definition.exclusiveMaximum
    ? `up to but not including ${definition.maximum}`
    : `to ${definition.maximum.toLocaleString('en')}`;
  return `${from} ${to}`;
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
