import { train } from '../../src/compute/jobs/train.ts';
import { connectToParent } from '../../src/compute/port.ts';
import type { Command } from '../../src/shared/compute/messages.ts';
import { failureOf } from '../../src/shared/ipc/failures.ts';
import { openLosingBackend, takeLoss } from './losing-backend.ts';

/** A compute process that trains as the real one does, on a backend that is lost as CHARLOOM_LOSSES, a file, says. */
const port = connectToParent();
const loss = takeLoss(process.env['CHARLOOM_LOSSES'] ?? '');

/** Commands that came before the job could hear them. */
const early: Command[] = [];
port.onCommand((command) => {
  if (command.kind !== 'begin')
    return running === undefined ? early.push(command) : running.onCommand?.(command);
  const { job } = command;
  if (job.kind !== 'start' && job.kind !== 'resume') throw new Error('this process only trains');
  running = train(
    job,
    (report) => port.post(report),
    () => openLosingBackend(loss),
  );
  for (const one of early) running.onCommand?.(one);
  running.ended
    .catch((error: unknown) => port.post({ kind: 'failed', failure: failureOf(error) }))
    .finally(() => void port.end(0));
});
let running: ReturnType<typeof train> | undefined;
port.onGone(() => process.exit(0));
port.post({ kind: 'ready' });
