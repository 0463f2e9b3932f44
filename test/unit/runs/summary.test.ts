import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeCheckpoint } from '../../../src/engine/checkpoints/codec.ts';
import { encodeMetric } from '../../../src/node/files/metrics.ts';
import { encodeRunRecord } from '../../../src/node/files/run-record.ts';
import { summarizeRun } from '../../../src/runs/summary.ts';
import type { MetricEvent } from '../../../src/shared/domain/run-event.ts';
import { weightKinds, type WeightKind } from '../../../src/shared/domain/training-choices.ts';
import { checkpointMetadata, makeCheckpoint, sha256 } from '../../support/checkpoints.ts';
import { EarlierFiles, earlierRuns } from '../../support/earlier-files.ts';
import { fullSummary } from '../../support/full-summary.ts';
import { temporaryFolder } from '../../support/texts.ts';

const root = temporaryFolder('summary');
const created = '2026-11-24T10:00:00.000Z';

/** The parts of a summary that a full reading finds too. */
async function quickSummary(folder: string) {
  const run = await summarizeRun(folder);
  if (run.kind !== 'run') throw new Error(JSON.stringify(run));
  const { name, status, iteration, checkpoints, best, losses, bytes, problems } = run;
  const ofBest = best && {
    name: best.name,
    iteration: best.iteration,
    epoch: best.epoch,
    validationLoss: best.validationLoss,
    weights: best.weights,
  };
  return {
    ...{ name, status, iteration, checkpoints, losses, bytes },
    best: ofBest ?? undefined,
    problems: problems.length,
  };
}

interface Line {
  readonly kind: MetricEvent['kind'] | 'damaged' | 'empty' | 'long' | 'unknown';
  readonly iteration: number;
}

interface Save {
  readonly iteration: number;
  readonly validationLoss: number | null;
  readonly recoveries: number;
  readonly weights: WeightKind;
  readonly state: 'whole' | 'cut' | 'of another run' | 'linked';
}

interface MadeRun {
  readonly state: 'finished' | 'stopped' | 'exploded' | 'running';
  readonly iteration: number;
  readonly lines: readonly Line[];
  /** What follows the last line end. */
  readonly torn: string;
  readonly saves: readonly Save[];
}

function textOf({ kind, iteration }: Line): string {
  const epoch = iteration / 20;
  switch (kind) {
    case 'step': {
      const norms = { gradientNorm: null, parameterNorm: 20.5 };
      return encodeMetric({ kind, iteration, epoch, loss: 1, learningRate: 0.1, ...norms, milliseconds: 2 });
    }
    case 'evaluation':
      return encodeMetric({ kind, iteration, epoch, validationLoss: 1.25, parts: [1, 1.5] });
    case 'explosion':
      return encodeMetric({ kind, iteration, loss: null, action: 'recover' });
    case 'rollback':
      return encodeMetric({ kind, iteration });
    case 'damaged':
      return `{"event":"step","i":${iteration},"epoch":0.5,"lo\u0000`;
    case 'empty':
      return '';
    case 'long':
      return `{"event":"step","i":${iteration},"note":"${'x'.repeat(5000)}`;
    case 'unknown':
      return `{"event":"lesson","i":${iteration}}`;
  }
}

function makeRun({ state, iteration, lines, torn, saves }: MadeRun): string {
  const folder = mkdtempSync(join(root, 'run-'));
  const { settings, spec, text, iterationsPerEpoch } = checkpointMetadata();
  const record = encodeRunRecord({
    ...{ formatVersion: 2, writtenBy: '0.1.0', state, reason: null, created, updated: created },
    ...{ settings, spec, text: { path: '/texts/a.txt', fingerprint: text }, initializedFrom: null },
    ...{ iteration, iterations: 5000, iterationsPerEpoch, rateChange: null, vocabulary: null },
    backend: { name: 'wasm', device: 'processor', threads: 1, variant: 'test' },
  });
  writeFileSync(join(folder, 'run.json'), record);
  writeFileSync(join(folder, 'metrics.jsonl'), `${lines.map((line) => `${textOf(line)}\n`).join('')}${torn}`);
  mkdirSync(join(folder, 'checkpoints'));
  saves.forEach((save, index) => writeSave(folder, `save-${index}.safetensors`, save));
  return folder;
}

function writeSave(folder: string, name: string, { state, ...changes }: Save): void {
  const { settings } = checkpointMetadata();
  const other = state === 'of another run' ? { settings: { ...settings, seed: settings.seed + 1 } } : {};
  const epoch = changes.iteration / 20;
  const { pieces } = encodeCheckpoint(makeCheckpoint({ ...changes, ...other, epoch }), sha256);
  const path = join(folder, 'checkpoints', name);
  // A link to a checkpoint that was moved to another disk.
  const written = state === 'linked' ? join(mkdtempSync(join(root, 'disk-')), name) : path;
  writeFileSync(written, Buffer.concat(pieces));
  if (state === 'linked') symlinkSync(written, path);
  if (state === 'cut') truncateSync(path, 200);
}

const iterations = fc.integer({ min: 1, max: 5000 });
const lineKinds = [
  ...(['step', 'step', 'step', 'evaluation', 'rollback', 'explosion'] as const),
  ...(['damaged', 'empty', 'long', 'unknown'] as const),
];
const runs = fc.record<MadeRun>({
  state: fc.constantFrom('finished', 'stopped', 'exploded', 'running'),
  iteration: fc.integer({ min: 0, max: 50 }),
  lines: fc.array(fc.record<Line>({ kind: fc.constantFrom(...lineKinds), iteration: iterations }), {
    maxLength: 120,
    size: 'max',
  }),
  torn: fc.constantFrom('', '{"event":"step","i":4999', '{"event":"rollback","i":4999}'),
  saves: fc.array(
    fc.record<Save>({
      iteration: iterations,
      // Few values, so that several checkpoints have the same loss.
      validationLoss: fc.constantFrom(null, 1.5, 1.25, 2),
      recoveries: fc.integer({ min: 0, max: 2 }),
      weights: fc.constantFrom(...weightKinds),
      state: fc.constantFrom('whole', 'whole', 'whole', 'cut', 'of another run', 'linked'),
    }),
    { maxLength: 8 },
  ),
});

describe('a summary is what a full reading of the run says', () => {
  test('of runs that an earlier version trained', async () => {
    const files = new EarlierFiles();
    for (const name of earlierRuns) {
      expect(await quickSummary(files.run(name)), name).toEqual(await fullSummary(files.run(name)));
    }
    expect(readdirSync(files.runs).length).toBeGreaterThanOrEqual(earlierRuns.length);
  });

  test('of runs with rollbacks, damaged lines, a torn last line, both kinds of weights, damaged and foreign checkpoints', async () => {
    await fc.assert(
      fc.asyncProperty(runs, async (run) => {
        const folder = makeRun(run);
        expect(await quickSummary(folder)).toEqual(await fullSummary(folder));
      }),
      { numRuns: 80 },
    );
  });

  test('of metrics that end in many damaged lines, or in one that is longer than what is read first', async () => {
    const step: Line = { kind: 'step', iteration: 70 };
    const endings: readonly (readonly Line[])[] = [
      Array.from({ length: 500 }, () => ({ kind: 'damaged', iteration: 90 })),
      Array.from({ length: 8 }, () => ({ kind: 'long', iteration: 90 })),
      [],
    ];
    for (const ending of endings) {
      const lines = [...Array.from({ length: 300 }, () => step), ...ending];
      const folder = makeRun({ state: 'finished', iteration: 0, lines, torn: '', saves: [] });
      expect(await quickSummary(folder)).toMatchObject({ iteration: 70 });
      expect(await quickSummary(folder)).toEqual(await fullSummary(folder));
    }
  });

  test('of a checkpoint whose description is longer than what is read first', async () => {
    const symbols = Array.from({ length: 6000 }, (_, index) => String.fromCodePoint(0x4e00 + index));
    const { spec } = checkpointMetadata();
    const metadata = { vocabulary: symbols, spec: { ...spec, vocabularySize: symbols.length } };
    const folder = makeRun({ state: 'finished', iteration: 0, lines: [], torn: '', saves: [] });
    const { pieces } = encodeCheckpoint(makeCheckpoint(metadata), sha256);
    writeFileSync(join(folder, 'checkpoints', 'large.safetensors'), Buffer.concat(pieces));
    // Of another model than the run's record: counted as a problem by both.
    expect(await quickSummary(folder)).toEqual(await fullSummary(folder));
    const copy = mkdtempSync(join(root, 'copy-'));
    cpSync(folder, copy, { recursive: true });
    expect(await quickSummary(copy)).toMatchObject({ checkpoints: 0, problems: 1 });
  });
});
