import { basename } from 'node:path';
import { backendKindOf } from '../../shared/domain/backends.ts';
import { knownOrigin } from '../../shared/domain/model-origin.ts';
import { knownModelSpec } from '../../shared/domain/model-spec.ts';
import { knownVocabularyUse } from '../../shared/domain/vocabulary-use.ts';
import { knownRunSettings } from '../../shared/domain/run-settings.ts';
import { parameterCount } from '../../shared/domain/model-tensors.ts';
import type { Run } from '../../shared/domain/run.ts';
import type { CheckpointSummary } from '../../runs/checkpoints.ts';
import type { RunSummary } from '../../runs/summary.ts';
import type { RunNotes } from './notes-store.ts';

/** What a list knows about a run besides its summary. */
export interface RunExtras {
  readonly notes: RunNotes;
  readonly bytes: number;
  /** The title of the text at a path. */
  readonly titleOf: (path: string) => string;
}

const sparklinePoints = 60;
/** The start of a run about which nothing is known. */
const unknownMoment = '1970-01-01T00:00:00.000Z';

/** A run on disk as pages show it. */
export function viewRun(summary: RunSummary, { notes, bytes, titleOf }: RunExtras): Run {
  if (summary.kind === 'damaged') return viewDamaged(summary, notes, bytes);
  if (summary.kind === 'planned') return viewPlanned(summary, notes, bytes);
  const { record, best, losses } = summary;
  return {
    id: summary.name,
    name: notes.name ?? record.settings.name,
    note: notes.note,
    tags: notes.tags,
    state: summary.status,
    reason: summary.status === 'interrupted' ? reasonOfInterruption(record.reason) : record.reason,
    created: record.created,
    updated: record.updated,
    path: summary.folder,
    text: {
      title: record.text.path === '' ? '' : titleOf(record.text.path),
      path: record.text.path,
      characters: record.vocabulary?.characters ?? record.text.fingerprint.characters,
      sha256: record.text.fingerprint.sha256,
    },
    settings: knownRunSettings(record.settings),
    spec: knownModelSpec(record.spec),
    parameters: parameterCount(record.spec),
    iteration: summary.iteration,
    iterations: record.iterations,
    iterationsPerEpoch: record.iterationsPerEpoch,
    best: viewBest(best),
    lastValidationLoss: losses.at(-1) ?? null,
    checkpoints: summary.checkpoints,
    bytes,
    device: record.origin === undefined ? record.backend.device : null,
    backend: backendKindOf(record.backend.name) ?? null,
    sparkline: thinned(losses),
    initializedFrom: record.initializedFrom,
    origin: record.origin === undefined ? null : knownOrigin(record.origin),
    vocabulary: record.vocabulary === null ? null : knownVocabularyUse(record.vocabulary),
  };
}

/** @param reason as far as its process reported it; null if it ended without a message */
function reasonOfInterruption(reason: string | null): string {
  const why =
    reason ??
    'Its process ended before the run was finished (a crash, a power cut, or another program ended it).';
  return `${why} It can be resumed from its last save.`;
}

function viewBest(best: CheckpointSummary | null): Run['best'] {
  if (best === null || best.validationLoss === null) return null;
  const { name: file, validationLoss, epoch, iteration } = best;
  return { file, validationLoss, epoch, iteration };
}

function viewDamaged(
  { name, folder, problem }: Extract<RunSummary, { kind: 'damaged' }>,
  notes: RunNotes,
  bytes: number,
): Run {
  return {
    ...nothingDone,
    id: name,
    name: notes.name ?? name,
    note: notes.note,
    tags: notes.tags,
    path: folder,
    bytes,
    state: 'damaged',
    reason: problem,
    created: unknownMoment,
    updated: unknownMoment,
    text: { title: '', path: '', characters: 0, sha256: '' },
    settings: null,
    initializedFrom: null,
  };
}

/** A run that has not started: only its request is known. */
function viewPlanned(
  { name, folder, record }: Extract<RunSummary, { kind: 'planned' }>,
  notes: RunNotes,
  bytes: number,
): Run {
  const { plan, state, reason, created, updated } = record;
  const settings = knownRunSettings(record.settings);
  return {
    ...nothingDone,
    id: name,
    name: notes.name ?? settings.name,
    note: notes.note,
    tags: notes.tags,
    path: folder,
    bytes,
    state,
    reason,
    created,
    updated,
    settings,
    text: { ...plan.text, characters: 0, sha256: '' },
    initializedFrom: plan.initFrom === null ? null : basename(plan.initFrom),
  };
}

const nothingDone = {
  spec: null,
  parameters: 0,
  iteration: 0,
  iterations: 0,
  iterationsPerEpoch: 0,
  best: null,
  lastValidationLoss: null,
  checkpoints: 0,
  device: null,
  backend: null,
  sparkline: [],
  origin: null,
  vocabulary: null,
} as const satisfies Partial<Run>;

/** At most `sparklinePoints` values, evenly spaced, always including the last. */
function thinned(values: readonly number[]): readonly number[] {
  if (values.length <= sparklinePoints) return values;
  const step = (values.length - 1) / (sparklinePoints - 1);
  return Array.from({ length: sparklinePoints }, (_, index) => values[Math.round(index * step)] ?? 0);
}
