import { randomUUID } from 'node:crypto';
import { cancelled } from '../node/engines/run-command.ts';
import { cardReportSchema, type CardProbe } from '../node/webgpu/card-probe.ts';
import { CharloomError } from '../shared/errors.ts';
import { errorOf } from '../shared/ipc/failures.ts';
import { ComputeTask } from './compute-task.ts';
import type { ForkProcess } from './process.ts';

/** Opens cards in compute processes, whichever host starts them. */
export function probeCard(fork: ForkProcess): CardProbe {
  return async (engine, { train, signal }) => {
    if (signal.aborted) throw cancelled();
    let report: unknown;
    const task = new ComputeTask({
      fork,
      name: `charloom-card-${randomUUID().slice(0, 8)}`,
      job: { kind: 'card', engine, train },
      onReport: (told) => {
        if (told.kind === 'item') report = told.item;
      },
    });
    const outcome = await task.endedUnless(signal, cancelled);
    switch (outcome.kind) {
      case 'done':
        return cardReportSchema.parse(report);
      case 'failed':
        throw errorOf(outcome.failure);
      case 'crashed':
        throw crashed(outcome.message);
    }
  };
}

function crashed(message: string): CharloomError {
  return new CharloomError('backend-unavailable', `The graphics card's driver failed. ${message}`, {
    fix: "Update the driver from the card's maker. The embedded backend works without the card.",
  });
}
