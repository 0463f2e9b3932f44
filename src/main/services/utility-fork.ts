import type { App, utilityProcess } from 'electron';
import type { ForkProcess } from '../../processes/process.ts';
import { defaultLaunchTimeoutMs, UtilityComputeProcess } from './utility-compute-process.ts';

interface Options {
  readonly utilityProcess: Pick<typeof utilityProcess, 'fork'>;
  readonly app: Pick<App, 'on'>;
  /** The built compute entry, inside the application. */
  readonly entry: string;
  readonly environment: Readonly<NodeJS.ProcessEnv>;
  /** Milliseconds that a process has to be launched. */
  readonly launchTimeoutMs?: number;
}

/** Compute processes as Electron's utility processes: they need no Node of their own and end with the application. */
export function utilityFork(options: Options): ForkProcess {
  const { utilityProcess, app, entry, environment, launchTimeoutMs = defaultLaunchTimeoutMs } = options;
  const open = new Map<string, UtilityComputeProcess>();
  // What is given as `serviceName` comes back as `name`; `serviceName` is the same for every utility process.
  app.on('child-process-gone', (_event, { name, reason }) => {
    if (name !== undefined) open.get(name)?.gone(reason);
  });
  return ({ name, environment: added }) => {
    const child = utilityProcess.fork(entry, [], {
      serviceName: name,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...onlyStrings(environment), ...added, CHARLOOM_PROCESS: name },
    });
    const process = new UtilityComputeProcess(child, launchTimeoutMs);
    open.set(name, process);
    process.onExit(() => {
      if (open.get(name) === process) open.delete(name);
    });
    return process;
  };
}

/** Electron takes nothing else in an environment. */
function onlyStrings(environment: Readonly<NodeJS.ProcessEnv>): Record<string, string> {
  const entries = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return Object.fromEntries(entries);
}
