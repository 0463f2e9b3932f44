import { setPriority, constants } from 'node:os';
import { vocabularySymbols } from '../../engine/dataset/vocabulary.ts';
import { drive } from '../../node/inspection/drive.ts';
import { openInspection, type OpenInspection } from '../../node/inspection/open-inspection.ts';
import { loadWasmBackend } from '../../node/wasm/backend.ts';
import type { Command, Job, Report } from '../../shared/compute/messages.ts';
import { inspectionMessageSchema, type InspectionItem } from '../../shared/domain/inspection.ts';
import { knownModelSpec } from '../../shared/domain/model-spec.ts';
import { usedWeights } from '../../shared/format/used-weights.ts';
import type { RunningJob } from '../job.ts';
import { throttled } from '../throttled.ts';
import { InspectionAnswers } from './look-inside/answers.ts';

type LookInsideJob = Extract<Job, { kind: 'look-inside' }>;
type Tell = (item: InspectionItem) => void;

/** Share of reading the file in the progress before the first answer. */
const fileShare = 0.1;

/** Reads a text with a model, then answers questions about its units until the process is ended. */
export function lookInside(job: LookInsideJob, post: (report: Report) => void): RunningJob {
  stepAside();
  const failed = Promise.withResolvers<never>();
  const tell: Tell = (item) => post({ kind: 'item', item });
  const opened = open(job, tell);
  opened.catch(failed.reject);
  return {
    ended: failed.promise,
    onCommand: (command: Command) => {
      if (command.kind !== 'message') return;
      const message = inspectionMessageSchema.parse(command.message);
      opened.then((answers) => answers.hear(message)).catch(failed.reject);
    },
  };
}

/** A training run goes first: what it leaves over, and about a tenth of the processor, is enough. */
function stepAside(): void {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // The system does not allow it: then both share the processor.
  }
}

async function open(job: LookInsideJob, tell: Tell): Promise<InspectionAnswers> {
  const progress = throttled((fraction) =>
    tell({ kind: 'progress', request: null, doing: 'reading', fraction }),
  );
  const backend = await loadWasmBackend({ threads: 1 });
  const opened = await openInspection(job, backend, {
    onProgress: (fraction) => progress(fraction * fileShare),
  });
  await drive(opened.inspection.read(), {
    isWanted: () => true,
    onStep: (fraction) => progress(fileShare + fraction * (1 - fileShare)),
  });
  progress(1);
  tellReady(job, opened, tell);
  return new InspectionAnswers(opened, backend, job.kept, tell);
}

function tellReady({ title, textTitle, kept }: LookInsideJob, opened: OpenInspection, tell: Tell): void {
  const { inspection, metadata, remarks } = opened;
  const { epoch, validationLoss, symbols } = metadata;
  const { pieces, length, vocabulary } = inspection.text;
  tell({
    kind: 'ready',
    title,
    spec: knownModelSpec(metadata.spec),
    ...{ epoch, validationLoss, ...usedWeights(metadata), symbols },
    vocabulary: vocabularySymbols(vocabulary),
    textTitle,
    length,
    pieces: pieces.map(({ start, end, position, learned }) => ({ start, end, position, learned })),
    remarks,
    checkpoints: kept.length,
  });
}
