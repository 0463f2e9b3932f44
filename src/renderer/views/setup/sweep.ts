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
import { planChunks } from '../../../shared/planning/plan.ts';

/** One setting of a sweep and its typed values. */
export interface SweepAxis {
  readonly key: RunSettingKey;
  readonly typed: string;
}

/** Maximum number of runs of one sweep: the limit of the queue. */
export const maxRuns = 100;
const longestName = 80;

/** How a text is read belongs to the text, and a name is no experiment. */
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
  // "0,1, 0,2": commas without a blank may be decimal commas, or part the values.
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
  readonly runs: readonly RunSettings[];
  readonly problem: string | null;
}

/** Every combination of the values, each a run with its own name; no run while something is wrong. */
export function expandSweep(base: RunSettings, axes: readonly SweepAxis[], characters: number): Sweep {
  const parsed = axes.map((axis) => ({ key: axis.key, ...parseValues(axis.key, axis.typed) }));
  const problem = parsed.find((axis) => axis.problem !== null)?.problem ?? null;
  if (problem !== null) return { runs: [], problem };
  const used = parsed.filter(({ values }) => values.length > 0);
  if (used.length === 0) return { runs: [], problem: null };
  if (new Set(used.map(({ key }) => key)).size < used.length) {
    return { runs: [], problem: 'Choose two different settings.' };
  }
  const count = used.reduce((product, { values }) => product * values.length, 1);
  if (count > maxRuns) {
    return { runs: [], problem: `This gives ${count} runs; the limit is ${maxRuns}.` };
  }
  const runs = used.reduce<readonly Partial<RunSettings>[]>(
    (all, { key, values }) => all.flatMap((one) => values.map((value) => ({ ...one, [key]: value }))),
    [{}],
  );
  const complete = runs.map((changes) => ({ ...base, ...changes, name: sweepName(base.name, changes) }));
  return { runs: complete, problem: blockedRun(complete, characters) };
}

/** "novel layer size 128 dropout 0.5": the values that distinguish it from the others. */
export function sweepName(base: string, changes: Partial<RunSettings>): string {
  const tail = Object.entries(changes)
    .map(([key, value]) => `${runSettings[key as RunSettingKey].title.toLowerCase()} ${String(value)}`)
    .join(' ');
  const room = longestName - tail.length - 1;
  const head = Array.from(base).slice(0, room).join('').trim();
  return `${head} ${tail}`.slice(0, longestName);
}

function blockedRun(runs: readonly RunSettings[], characters: number): string | null {
  for (const run of runs) {
    const blocking = planChunks({ ...run, characters }).warnings.find((warning) => warning.blocking);
    if (blocking !== undefined) return `${run.name}: ${blocking.message}`;
  }
  return null;
}
