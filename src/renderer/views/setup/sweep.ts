import {
  runSettingKeys,
  runSettings,
  textSettingKeys,
  type RunSettingKey,
  type RunSettings,
} from '../../../shared/domain/run-settings.ts';
import { settingSchema, type SettingDefinition } from '../../../shared/domain/setting-definition.ts';
import type { SettingValue } from '../../../shared/domain/setting-table.ts';
import { readTypedNumber } from '../../../shared/format/typed-number.ts';
import type { SweepSpace } from '../../../shared/domain/sweep-space.ts';
import { CharloomError } from '../../../shared/errors.ts';
import { planSweepTasks, type PlannedSweepTask } from '../../../shared/planning/sweep-tasks.ts';

/** One setting of a sweep and its typed values. */
export interface SweepAxis {
  readonly key: RunSettingKey;
  readonly typed: string;
}

/** Maximum number of runs of one sweep: the limit of the queue. */
export const maxRuns = 100;

/** How a text is read belongs to the text, and a name is nothing to vary. */
export const sweepableKeys = runSettingKeys.filter((key) => !textSettingKeys.includes(key));

export interface ParsedValues {
  readonly values: readonly SettingValue<SettingDefinition>[];
  /** The problem with the typed values; null if there is none. */
  readonly problem: string | null;
}

/** "64, 128, 256" as values of a setting, each checked by the settings table; duplicates count once. */
export function parseValues(key: RunSettingKey, typed: string): ParsedValues {
  const definition = runSettings[key];
  const parts = typed.split(/[,;\s]+/).filter((piece) => piece !== '');
  if (definition.kind !== 'integer' && definition.kind !== 'number') {
    return checkValues(
      key,
      parts.map((part) => ({ part, value: typedWord(definition, part) })),
    );
  }
  const asList = checkValues(key, parts.map(asNumber));
  const loose = typed.split(/;|,?\s+/).filter((piece) => piece !== '' && piece !== ',');
  if (!loose.some((piece) => /\d,\d/.test(piece))) return asList;
  // "0,1, 0,2": commas without a space may be decimal commas, or may separate the values.
  const limits = { ...definition, whole: definition.kind === 'integer' };
  const asDecimals = checkValues(
    key,
    loose.map((part) => {
      const read = readTypedNumber(part, limits);
      return { part, value: read.kind === 'number' ? read.value : Number.NaN };
    }),
  );
  if (asList.problem !== null && asDecimals.problem === null) return asDecimals;
  if (asDecimals.problem !== null) return asList;
  return {
    values: [],
    problem: 'Put a space after each comma between values, and use a point for decimals.',
  };
}

/** A part with a leading zero is the rest of a larger number: "1,000". */
function asNumber(part: string): { part: string; value: number } {
  return { part, value: /^0\d/.test(part) ? Number.NaN : Number(part) };
}

function checkValues(
  key: RunSettingKey,
  parts: readonly { readonly part: string; readonly value: SettingValue<SettingDefinition> }[],
): ParsedValues {
  const schema = settingSchema(runSettings[key]);
  const values: SettingValue<SettingDefinition>[] = [];
  for (const { part, value } of parts) {
    const checked = schema.safeParse(value);
    if (!checked.success) {
      return { values: [], problem: `${part}: ${checked.error.issues[0]?.message ?? 'is not allowed'}.` };
    }
    if (!values.includes(value)) values.push(value);
  }
  return { values, problem: null };
}

/** A word of a choice, or of a switch. */
function typedWord({ kind }: SettingDefinition, part: string): string | boolean {
  const word = part.toLowerCase();
  return kind === 'switch' && (word === 'on' || word === 'off') ? word === 'on' : word;
}

export interface Sweep {
  /** What is tried; null where there is nothing to vary, and while something is wrong. */
  readonly space: SweepSpace | null;
  readonly tasks: readonly PlannedSweepTask[];
  readonly problem: string | null;
}

const none: Sweep = { space: null, tasks: [], problem: null };

/** Every combination of the values, each with `seeds` seeds; none while something is wrong. */
export function expandSweep(
  base: RunSettings,
  axes: readonly SweepAxis[],
  seeds: number,
  characters: number,
): Sweep {
  const parsed = axes.map((axis) => ({ key: axis.key, ...parseValues(axis.key, axis.typed) }));
  const problem = parsed.find((axis) => axis.problem !== null)?.problem ?? null;
  if (problem !== null) return { ...none, problem };
  const varied = parsed.filter(({ values }) => values.length > 0);
  if (varied.length === 0 && seeds === 1) return none;
  if (new Set(varied.map(({ key }) => key)).size < varied.length) {
    return { ...none, problem: 'Choose different settings.' };
  }
  const space = spaceOf(base, varied, seeds);
  try {
    return {
      space,
      tasks: planSweepTasks({ name: base.name, space, settings: base, characters }),
      problem: null,
    };
  } catch (error) {
    if (error instanceof CharloomError) return { ...none, problem: error.message };
    throw error;
  }
}

function spaceOf(
  { seed }: RunSettings,
  varied: readonly (ParsedValues & Pick<SweepAxis, 'key'>)[],
  seeds: number,
): SweepSpace {
  const axes = varied.map(({ key, values }) => ({ kind: 'values' as const, key, values }));
  const common = { method: 'grid' as const, runs: maxRuns, drawSeed: seed };
  if (axes.length > 0) return { ...common, axes, seeds };
  const values = Array.from({ length: seeds }, (_, place) => seed + place);
  return { ...common, axes: [{ kind: 'values', key: 'seed', values }], seeds: 1 };
}
