import { formatEpoch, formatLoss } from '../../shared/format/numbers.ts';
import { weightsRemark } from '../../shared/format/used-weights.ts';
import type { RunSettings } from '../../shared/domain/run-settings.ts';
import type { ModelSpec } from '../../shared/domain/model-spec.ts';
import type { Checkpoint, ImportedModel } from '../../shared/domain/checkpoint.ts';
import type { ModelReference, Run } from '../../shared/domain/run.ts';
import type { Route } from './router.svelte.ts';

/** Runs that can write, in the given order: newest first. */
export function writable(runs: readonly Run[]): readonly Run[] {
  return runs.filter(({ checkpoints }) => checkpoints > 0);
}

/**
 * A run in a choice.
 * @param name the name by which it is shown
 */
export function runLabel({ best }: Run, name: string): string {
  return best === null ? name : `${name}, best loss ${formatLoss(best.validationLoss)}`;
}

/** What lists know about a model; null where they do not. */
export interface KnownModel {
  readonly spec: ModelSpec | null;
  readonly symbols: RunSettings['symbols'] | null;
}

/** Checkpoints that can be used, best first; those without a validation loss come last. */
export function bestFirst(checkpoints: readonly Checkpoint[]): readonly Checkpoint[] {
  return checkpoints
    .filter(({ problem }) => problem === null)
    .toSorted(
      (a, b) =>
        Number(b.best) - Number(a.best) || (a.validationLoss ?? Infinity) - (b.validationLoss ?? Infinity),
    );
}

export function checkpointLabel({ epoch, validationLoss, weights, best, last }: Checkpoint): string {
  const marks = [best ? 'best' : '', last ? 'last' : ''].filter(Boolean).join(' and ');
  return `epoch ${formatEpoch(epoch)}, loss ${formatLoss(validationLoss)}${weightsRemark(weights)}${marks === '' ? '' : `, ${marks}`}`;
}

export function importedLabel({ file, validationLoss }: ImportedModel): string {
  return `${file}, loss ${formatLoss(validationLoss)}`;
}

/** The address of a model that has just been imported: a run's page shows its origin and what it lacks. */
export function modelRoute(model: ModelReference): Route {
  return model.kind === 'imported' ? writeRoute(model) : { view: 'run', run: model.run };
}

/** The address of writing with a model. */
export function writeRoute(model: ModelReference): Route {
  return model.kind === 'imported'
    ? { view: 'write-imported', file: model.file }
    : { view: 'write', run: model.run, file: model.file };
}

/** The address of looking inside a model. */
export function insideRoute(model: ModelReference): Route {
  return model.kind === 'imported'
    ? { view: 'inside-imported', file: model.file }
    : { view: 'inside', run: model.run, file: model.file };
}
