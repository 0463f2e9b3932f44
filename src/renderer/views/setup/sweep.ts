import {
  runSettingKeys,
  runSettings,
  textSettingKeys,
  type RunSettingKey,
  type RunSettings,
} from '../../../shared/domain/run-settings.ts';
import { settingSchema, type SettingDefinition } from '../../../shared/domain/setting-definition.ts';
import type { SettingValue } from '../../../shared/domain/setting-table.ts';
import { planChunks } from '../../../shared/planning/plan.ts';

/** One setting of a sweep and what was typed for it. */
export interface SweepAxis {
  readonly key: RunSettingKey;
  readonly typed: string;
}

/** Most runs that one sweep makes: the queue takes no more at once. */
export const maxRuns = 100;
const longestName = 80;

/** How a text is read belongs to the text, and a name is no experiment. */
export const sweepableKeys = runSettingKeys.filter((key) => !textSettingKeys.includes(key));

export interface ParsedValues {
  readonly values: readonly SettingValue<SettingDefinition>[];
  /** What is wrong with what was typed; null when nothing is. */
  readonly problem: string | null;
}

/** "64, 128, 256" as values of a setting, each checked by the settings table; what is named twice counts once. */
export function parseValues(key: RunSettingKey, typed: string): ParsedValues {
  const definition = runSettings[key];
  const schema = settingSchema(definition);
  const values: SettingValue<SettingDefinition>[] = [];
  for (const part of typed.split(/[,;\s]+/).filter((piece) => piece !== '')) {
    const value = typedValue(definition, part);
    const checked = schema.safeParse(value);
    if (!checked.success) {
      return { values: [], problem: `${part}: ${checked.error.issues[0]?.message ?? 'is not allowed'}.` };
    }
    if (!values.includes(value)) values.push(value);
  }
  return { values, problem: null };
}

function typedValue({ kind }: SettingDefinition, part: string): SettingValue<SettingDefinition> {
  if (kind === 'integer' || kind === 'number') return Number(part);
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
    return { runs: [], problem: `These are ${count} runs; at most ${maxRuns} can be started at once.` };
  }
  const runs = used.reduce<readonly Partial<RunSettings>[]>(
    (all, { key, values }) => all.flatMap((one) => values.map((value) => ({ ...one, [key]: value }))),
    [{}],
  );
  const complete = runs.map((changes) => ({ ...base, ...changes, name: sweepName(base.name, changes) }));
  return { runs: complete, problem: blockedRun(complete, characters) };
}

/** "novel layer size 128 dropout 0.5": the values that tell it from the others. */
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
