import { randomUUID } from 'node:crypto';
import { probeEnvironment, type ProbeRun } from '../node/tensorflow/diagnosis/probe.ts';
import { cancelled } from '../node/engines/run-command.ts';
import { ComputeTask } from './compute-task.ts';
import type { ForkProcess } from './process.ts';

/** The last lines that the process printed. */
const keptCharacters = 50_000;

/** Runs an engine's self-test in a compute process, whichever host starts it. */
export function computeProbe(fork: ForkProcess): ProbeRun {
  return async (engine, signal) => {
    if (signal.aborted) throw cancelled();
    let report: unknown;
    let stderr = '';
    const task = new ComputeTask({
      fork,
      name: `charloom-probe-${randomUUID().slice(0, 8)}`,
      environment: probeEnvironment(engine),
      job: { kind: 'probe', engine: engine.folder },
      onReport: (told) => {
        if (told.kind === 'item') report = told.item;
      },
      onStderr: (text) => (stderr = (stderr + text).slice(-keptCharacters)),
    });
    const outcome = await task.endedUnless(signal, cancelled);
    switch (outcome.kind) {
      case 'done':
        return { report, stderr, crashed: false };
      case 'failed':
        return { report: undefined, stderr: `${stderr}\n${outcome.failure.message}`, crashed: false };
      case 'crashed':
        return { report: undefined, stderr, crashed: true };
    }
  };
}
