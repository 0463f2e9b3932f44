import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { App, UtilityProcess, utilityProcess } from 'electron';
import type { ComputeProcess, ForkProcess, ProcessExit } from '../../processes/process.ts';

const longestDrain = 500;

interface Options {
  readonly utilityProcess: Pick<typeof utilityProcess, 'fork'>;
  readonly app: Pick<App, 'on'>;
  /** The built compute entry, inside the application. */
  readonly entry: string;
  readonly environment: Readonly<NodeJS.ProcessEnv>;
}

/** Compute processes as Electron's utility processes: they need no Node of their own and end with the application. */
export function utilityFork({ utilityProcess, app, entry, environment }: Options): ForkProcess {
  /** Why a process is gone, told apart from its exit and before or after it. */
  const reasons = new Map<string, string>();
  app.on('child-process-gone', (_event, { name, serviceName, reason }) => {
    const key = serviceName ?? name;
    if (key !== undefined && reason !== 'clean-exit') reasons.set(key, reason);
  });
  return ({ name, environment: added }) => {
    // Whatever ended an earlier process of this name does not explain this one.
    reasons.delete(name);
    const child = utilityProcess.fork(entry, [], {
      serviceName: name,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...onlyStrings(environment), ...added, CHARLOOM_PROCESS: name },
    });
    return computeProcess(child, (code) => ({ code, reason: reasons.get(name) ?? null }));
  };
}

function computeProcess(started: UtilityProcess, exitOf: (code: number) => ProcessExit): ComputeProcess {
  // Dropped as soon as it has ended: posting to a process in its exit has crashed Electron before.
  let child: UtilityProcess | undefined = started;
  let exit: ProcessExit | undefined;
  const listeners: ((exit: ProcessExit) => void)[] = [];
  // Electron takes the stream away at the exit, with what was written last still in it.
  const { stderr } = started;
  stderr?.setEncoding('utf8').on('error', () => undefined);
  started.once('exit', (code) => {
    child = undefined;
    void drained(stderr).then(() => {
      exit = exitOf(code);
      for (const listener of listeners) listener(exit);
    });
  });
  return {
    get pid() {
      return child?.pid;
    },
    post: (message) => child?.postMessage(message),
    onMessage: (listener) => started.on('message', listener),
    onStderr: (listener) => stderr?.on('data', (text: unknown) => listener(String(text))),
    onExit: (listener) => (exit === undefined ? listeners.push(listener) : listener(exit)),
    kill: () => killNow(child),
  };
}

/** Resolves when a stream has told everything, or does not within a moment. The reason of the exit arrives meanwhile. */
async function drained(stream: NodeJS.ReadableStream | null): Promise<void> {
  const ended = stream === null || !stream.readable ? Promise.resolve() : once(stream, 'end');
  await Promise.race([ended, wait(longestDrain, undefined, { ref: false })]).catch(() => undefined);
}

/** A utility process that is asked to end (SIGTERM) would have to be between two steps to hear it. */
function killNow(child: UtilityProcess | undefined): void {
  if (child?.pid === undefined) return;
  try {
    process.kill(child.pid, 'SIGKILL');
  } catch {
    child.kill();
  }
}

/** Electron takes nothing else in an environment. */
function onlyStrings(environment: Readonly<NodeJS.ProcessEnv>): Record<string, string> {
  const entries = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return Object.fromEntries(entries);
}
