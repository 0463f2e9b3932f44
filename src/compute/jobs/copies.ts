import { readCheckpointHeader } from '../../node/files/checkpoint-files.ts';
import { findCopies, measureControl, readLearnedText } from '../../node/session/find-copies.ts';
import type { Job, Report } from '../../shared/compute/messages.ts';
import type { CopiesItem } from '../../shared/domain/copies.ts';
import type { RunningJob } from '../job.ts';
import { throttled } from '../throttled.ts';

type CopiesJob = Extract<Job, { kind: 'copies' }>;

/** Rough shares of the work. */
const parts = { reading: 0.5, comparing: 0.75 } as const;

/** Compares a written text with what its model learned from, and ends. */
export function copies(job: CopiesJob, post: (report: Report) => void): RunningJob {
  const work = async (): Promise<void> => {
    await compare(job, (item) => post({ kind: 'item', item }));
    post({ kind: 'done', end: null });
  };
  return { ended: work() };
}

async function compare(
  { checkpoint, textPath, sample }: CopiesJob,
  tell: (item: CopiesItem) => void,
): Promise<void> {
  const progress = throttled((fraction) => tell({ kind: 'progress', fraction }));
  const part = (from: number, to: number) => ({
    onProgress: (fraction: number) => progress(from + fraction * (to - from)),
  });
  const { metadata } = await readCheckpointHeader(checkpoint);
  const text = await readLearnedText(textPath, metadata, part(0, parts.reading));
  const { share, longest, passages, covered } = await findCopies(
    text,
    typeof sample === 'string' ? sample : Uint8Array.from(sample),
    part(parts.reading, parts.comparing),
  );
  const control = await measureControl(text, part(parts.comparing, 1));
  tell({
    kind: 'compared',
    sample: { share, longest },
    control,
    passages: [...passages],
    covered: [...covered],
  });
}
