import { openCard } from '../../node/webgpu/dawn.ts';
import type { Job, Report } from '../../shared/compute/messages.ts';
import type { RunningJob } from '../job.ts';

type CardJob = Extract<Job, { kind: 'card' }>;

/** Opens the card that a WebGPU engine finds, and says what it is. */
export function card(job: CardJob, post: (report: Report) => void): RunningJob {
  return { ended: run(job, post) };
}

async function run({ engine }: CardJob, post: (report: Report) => void): Promise<void> {
  const { card: found, device } = await openCard(engine);
  device.destroy();
  post({ kind: 'item', item: { label: found.label, driver: found.description } });
  post({ kind: 'done', end: null });
}
