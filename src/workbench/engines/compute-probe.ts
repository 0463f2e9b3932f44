import { probeEnvironment, probeMarker, type ProbeRun } from '../../host/engines/probe.ts';
import { cancelled } from '../../host/engines/run-command.ts';
import { ComputeTask } from '../../runs/processes/compute-task.ts';
import type { ForkProcess } from '../../runs/processes/process.ts';

/** Runs an engine's self-test in a compute process: the desktop application has no command line to run it by. */
export function computeProbe(fork: ForkProcess): ProbeRun {
  return async (engine, signal) => {
    let report: unknown;
    let stderr = '';
    const task = new ComputeTask({
      fork,
      name: 'charloom-probe',
      environment: probeEnvironment(engine),
      job: { kind: 'probe', engine: engine.folder },
      onReport: (told) => {
        if (told.kind === 'item') report = told.item;
      },
      onStderr: (text) => (stderr += text),
    });
    const kill = (): void => task.kill();
    signal.addEventListener('abort', kill, { once: true });
    const outcome = await task.ended;
    signal.removeEventListener('abort', kill);
    if (signal.aborted) throw cancelled();
    if (outcome.kind === 'failed') stderr += `\n${outcome.failure.message}`;
    // As the command says it: a crash has no code, a failure has one.
    const code = outcome.kind === 'done' ? 0 : outcome.kind === 'failed' ? 1 : null;
    return { code, stderr, stdout: report === undefined ? '' : probeMarker + JSON.stringify(report) };
  };
}
