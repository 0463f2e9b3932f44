import { z } from 'zod';
import {
  settingSchema,
  type ChoiceSetting,
  type SettingDefinition,
  type SwitchSetting,
  type TextSetting,
} from './setting-definition.ts';

/** What is derived from a table of settings: types, schemas for input and for files, defaults. */
export type SettingTable = Readonly<Record<string, SettingDefinition>>;

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
export type SettingValues<T extends SettingTable> = {
  readonly [K in keyof T]: SettingValue<T[K]>;
};

/** New values for the settings of a table that may change when a run is resumed. */
export type ChangesOnResume<T extends SettingTable> = {
  readonly [K in keyof T as T[K] extends { readonly changeableOnResume: true } ? K : never]?:
    SettingValue<T[K]> | undefined;
};

/** The keys of a table in its order: all of them, or those whose settings satisfy a predicate. */
export function tableKeys<T extends SettingTable>(
  table: T,
  isMeant: (definition: SettingDefinition) => boolean = () => true,
): readonly Extract<keyof T, string>[] {
  const meant = Object.keys(table).filter((key) => {
    const definition = table[key];
    return definition !== undefined && isMeant(definition);
  });
  return meant as Extract<keyof T, string>[];
}

/** Checks a complete set of values for a table; unknown keys are refused. */
export function tableSchema<T extends SettingTable>(table: T): z.ZodType<SettingValues<T>> {
  return z.strictObject(fieldsOf(table, settingSchema)) as unknown as z.ZodType<SettingValues<T>>;
}

/**
 * Reads the values of a table from a file that any version may have written: a setting that the file lacks gets its default, and keys that
 * the table lacks are kept, so that rewriting the file removes nothing. A known setting with a bad value is an error.
 */
export function storedTableSchema<T extends SettingTable>(table: T): z.ZodType<SettingValues<T>> {
  const fields = fieldsOf(table, (definition) => settingSchema(definition).default(definition.default));
  return z.looseObject(fields) as unknown as z.ZodType<SettingValues<T>>;
}

/** Checks changes of the settings that may change when a run is resumed; every other key is refused. */
export function changesSchema<T extends SettingTable>(table: T): z.ZodType<ChangesOnResume<T>> {
  return z.strictObject(changeableFields(table)) as unknown as z.ZodType<ChangesOnResume<T>>;
}

/** The same from a file: keys that the table lacks are kept. */
export function storedChangesSchema<T extends SettingTable>(table: T): z.ZodType<ChangesOnResume<T>> {
  return z.looseObject(changeableFields(table)) as unknown as z.ZodType<ChangesOnResume<T>>;
}

/** The defaults of a table. */
export function tableDefaults<T extends SettingTable>(table: T): SettingValues<T> {
  return fieldsOf(table, (definition) => definition.default) as SettingValues<T>;
}

/** Values without the keys that the table lacks. */
export function pickKnown<V extends object>(table: SettingTable, values: V): V {
  return Object.fromEntries(Object.entries(values).filter(([key]) => Object.hasOwn(table, key))) as V;
}

/** The keys of some values that the table lacks. */
export function unknownKeys(table: SettingTable, values: object): readonly string[] {
  return Object.keys(values).filter((key) => !Object.hasOwn(table, key));
}

function fieldsOf<R>(
  table: SettingTable,
  make: (definition: SettingDefinition) => R,
): Readonly<Record<string, R>> {
  return Object.fromEntries(Object.entries(table).map(([key, definition]) => [key, make(definition)]));
}

function changeableFields(table: SettingTable): Readonly<Record<string, z.ZodType>> {
  const changeable = Object.entries(table).filter(([, { changeableOnResume }]) => changeableOnResume);
  return fieldsOf(Object.fromEntries(changeable), (definition) => settingSchema(definition).optional());
}
