import type { RunSettings } from '../domain/run-settings.ts';
import { settingSchema } from '../domain/setting-definition.ts';
import type { SweepChanges, SweepSpace } from '../domain/sweep-space.ts';
import { CharloomError } from '../errors.ts';
import { formatCount, formatQuantity } from '../format/numbers.ts';
import { drawCombinations } from './draw-combinations.ts';
import { planChunks } from './plan.ts';
import { axisValues, definitionOf, titleOf } from './sweep-axes.ts';

/** One run of a sweep, fixed when the sweep is planned. */
export interface PlannedSweepTask {
  /** From 1. */
  readonly index: number;
  /** The name of its run, from which the folder's name is made. */
  readonly name: string;
  /** How it differs from the others. */
  readonly changes: SweepChanges;
  readonly settings: RunSettings;
}

export interface SweepRequest {
  readonly name: string;
  readonly space: SweepSpace;
  /** What all tasks share. */
  readonly settings: RunSettings;
  /** Length of the text in symbols; undefined if not known yet. */
  readonly characters?: number | undefined;
}

/**
 * The tasks of a sweep, in an order that depends only on the request.
 * @throws CharloomError('bad-setting') for a space with too many combinations or with values that a setting cannot have; 'data-too-small' for a task whose text is too short
 */
export function planSweepTasks(request: SweepRequest): readonly PlannedSweepTask[] {
  const { name, space, settings, characters } = request;
  refuseTwice(space);
  const combinations = space.method === 'grid' ? gridOf(space) : drawCombinations(space);
  const changes = combinations.flatMap((combination) => withSeeds(combination, space.seeds, settings.seed));
  const digits = taskDigits(changes.length);
  return changes.map((change, place) => {
    const index = place + 1;
    const task = taskName(name, index, digits);
    const own = { ...settings, ...checkedChanges(change), name: task };
    if (characters !== undefined) refuseShort(own, characters);
    return { index, name: task, changes: change, settings: own };
  });
}

/** Digits of an index, so that names sort as numbers do. */
export function taskDigits(tasks: number): number {
  return Math.max(3, String(tasks).length);
}

const longestName = 80;

function taskName(name: string, index: number, digits: number): string {
  const tail = `-${String(index).padStart(digits, '0')}`;
  return `${Array.from(name)
    .slice(0, longestName - tail.length)
    .join('')}${tail}`;
}

function gridOf(space: SweepSpace): readonly SweepChanges[] {
  const axes = space.axes.map((axis) => ({ key: axis.key, values: axisValues(axis) }));
  const count = axes.reduce((product, { values }) => product * values.length, space.seeds);
  if (count > space.runs) {
    throw new CharloomError(
      'bad-setting',
      `The grid has ${formatQuantity(count, 'run')}, and at most ${formatCount(space.runs)} are allowed.`,
      { fix: 'Take fewer values, allow more runs, or draw at random from the same space.' },
    );
  }
  return axes.reduce<readonly SweepChanges[]>(
    (all, { key, values }) => all.flatMap((one) => values.map((value) => ({ ...one, [key]: value }))),
    [{}],
  );
}

function withSeeds(combination: SweepChanges, seeds: number, first: number): readonly SweepChanges[] {
  if (seeds === 1) return [combination];
  return Array.from({ length: seeds }, (_, place) => ({ ...combination, seed: first + place }));
}

function refuseTwice({ axes, seeds }: SweepSpace): void {
  const keys = axes.map(({ key }) => key);
  const twice = keys.find((key, place) => keys.indexOf(key) < place);
  if (twice !== undefined) {
    throw new CharloomError('bad-setting', `${titleOf(twice)} is varied twice.`, {
      fix: 'Put its values together.',
    });
  }
  if (seeds > 1 && keys.includes('seed')) {
    throw new CharloomError('bad-setting', 'The seed is varied, and each combination is to have several.', {
      fix: 'Leave one of the two.',
    });
  }
}

/** @throws CharloomError('bad-setting') for a setting that does not exist, or that belongs to the text or the name, and for a value outside its range */
function checkedChanges(changes: SweepChanges): Partial<RunSettings> {
  for (const [key, value] of Object.entries(changes)) {
    const definition = definitionOf(key);
    if (definition === undefined || definition.ofText === true) {
      throw new CharloomError('bad-setting', `${titleOf(key)} cannot be varied.`);
    }
    const checked = settingSchema(definition).safeParse(value);
    if (checked.success) continue;
    const why = checked.error.issues[0]?.message ?? 'is not allowed';
    throw new CharloomError('bad-setting', `${definition.title} cannot be ${String(value)}: ${why}.`);
  }
  return changes as Partial<RunSettings>;
}

function refuseShort(settings: RunSettings, characters: number): void {
  const { warnings } = planChunks({ ...settings, characters });
  const blocking = warnings.find((warning) => warning.blocking);
  if (blocking === undefined) return;
  throw new CharloomError('data-too-small', `${settings.name}: ${blocking.message}`);
}
