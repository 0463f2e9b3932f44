import type { RunSettings } from '../../../shared/domain/run-settings.ts';
import type { ModelSpec } from '../../../shared/domain/model-spec.ts';
import { formatCount } from '../../../shared/format/numbers.ts';
import type { ImportedModel } from '../../../shared/ipc/schemas/checkpoint.ts';
import type { ModelReference, Run } from '../../../shared/ipc/schemas/run.ts';

/** The settings that are the checkpoint's when a run begins with its parameters. */
export const takenKeys = ['model', 'rnnSize', 'numLayers', 'dropout'] as const;
export type TakenSettings = Pick<RunSettings, (typeof takenKeys)[number]>;

/** A model that a run can begin from, as far as pages know it. */
export interface Beginning {
  readonly reference: ModelReference;
  readonly title: string;
  readonly spec: ModelSpec;
  /** Null where it is not known. */
  readonly symbols: RunSettings['symbols'] | null;
  readonly sha256: string | null;
}

export function beginnings(runs: readonly Run[], imported: readonly ImportedModel[]): readonly Beginning[] {
  const fromRuns = runs.flatMap((run): Beginning[] => {
    if (run.spec === null || run.best === null) return [];
    return [
      {
        reference: { kind: 'run', run: run.id, file: null },
        title: `Run: ${run.name}, its best checkpoint`,
        spec: run.spec,
        symbols: run.settings?.symbols ?? null,
        sha256: run.text.sha256,
      },
    ];
  });
  const fromFiles = imported.map(({ file, spec }): Beginning => ({
    reference: { kind: 'imported', file },
    title: `Imported: ${file}`,
    ...{ spec, symbols: null, sha256: null },
  }));
  return [...fromRuns, ...fromFiles];
}

/** What a reference means; undefined while the lists do not hold it. A reference to one file of a run keeps that file. */
export function beginningOf(reference: ModelReference, all: readonly Beginning[]): Beginning | undefined {
  const found = all.find((each) => keyOf(each.reference) === keyOf(reference));
  if (found === undefined || reference.kind === 'imported' || reference.file === null) return found;
  return {
    ...found,
    reference,
    title: `${found.title.replace(/, its best checkpoint$/, '')}, ${reference.file}`,
  };
}

/** The same for every checkpoint of a run. */
export function keyOf(reference: ModelReference): string {
  return reference.kind === 'run' ? `run/${reference.run}` : `file/${reference.file}`;
}

export function takenFrom({ spec }: Beginning): TakenSettings {
  const { model, rnnSize, numLayers, dropout } = spec;
  return { model, rnnSize, numLayers, dropout };
}

/** Why a model cannot go on with a text; null when it can, as far as pages know. */
export function misfit(
  { spec, symbols }: Beginning,
  text: { readonly vocabularySize: number; readonly symbols: RunSettings['symbols'] },
): string | null {
  if (symbols !== null && symbols !== text.symbols) {
    return `That model reads and writes ${symbols}, this run ${text.symbols}.`;
  }
  if (spec.vocabularySize === text.vocabularySize) return null;
  return `That model knows ${formatCount(spec.vocabularySize)} symbols, this text has ${formatCount(text.vocabularySize)}: both must hold exactly the same ones.`;
}
