import type { App, utilityProcess } from 'electron';
import type { ForkProcess } from '../../processes/process.ts';
import type { WindowGraphics } from '../../shared/domain/backends.ts';
import type { Command } from '../../shared/compute/messages.ts';
import type { OpenGraphicsWindow } from '../windows/graphics-window.ts';
import { defaultLaunchTimeoutMs, UtilityComputeProcess } from './utility-compute-process.ts';

interface Options {
  readonly utilityProcess: Pick<typeof utilityProcess, 'fork'>;
  readonly app: Pick<App, 'on'>;
  /** The built compute entry, inside the application. */
  readonly entry: string;
  readonly environment: Readonly<NodeJS.ProcessEnv>;
  /** Opens a window that computes on the graphics card, for as long as its process runs. */
  readonly openGraphics: (graphics: WindowGraphics) => OpenGraphicsWindow;
  /** Milliseconds for a process to launch. */
  readonly launchTimeoutMs?: number;
}

/** Compute processes as Electron utility processes: they need no separate Node and end with the application. */
export function utilityFork(options: Options): ForkProcess {
  const { utilityProcess, app, entry, environment, openGraphics } = options;
  const { launchTimeoutMs = defaultLaunchTimeoutMs } = options;
  const open = new Map<string, UtilityComputeProcess>();
  // The given `serviceName` comes back as `name`; `serviceName` is the same for every utility process.
  app.on('child-process-gone', (_event, { name, reason }) => {
    if (name !== undefined) open.get(name)?.gone(reason);
  });
  return ({ name, environment: added, graphics }) => {
    const child = utilityProcess.fork(entry, [], {
      serviceName: name,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...onlyStrings(environment), ...added, CHARLOOM_PROCESS: name },
    });
    const process = new UtilityComputeProcess(child, launchTimeoutMs);
    open.set(name, process);
    if (graphics !== undefined) {
      const { port, close } = openGraphics(graphics);
      child.once('spawn', () => child.postMessage({ kind: 'graphics' } satisfies Command, [port]));
      process.onExit(close);
    }
    process.onExit(() => {
      if (open.get(name) === process) open.delete(name);
    });
    return process;
  };
}

/** Electron accepts only strings as environment variables. */
function onlyStrings(environment: Readonly<NodeJS.ProcessEnv>): Record<string, string> {
  const entries = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return Object.fromEntries(entries);
}
