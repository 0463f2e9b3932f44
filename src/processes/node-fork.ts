import { fork } from 'node:child_process';
import type { ComputeProcess, ForkProcess, ProcessExit } from './process.ts';

/** Compute processes as children of a plain Node process (browser host, command line, tests). */
export function nodeFork(entry: string): ForkProcess {
  return ({ name, environment, heapMegabytes }) => {
    const child = fork(entry, [], {
      execArgv: heapMegabytes === undefined ? [] : [`--max-old-space-size=${heapMegabytes}`],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { ...process.env, ...environment, CHARLOOM_PROCESS: name },
    });
    let exit: ProcessExit | undefined;
    const exitListeners: ((exit: ProcessExit) => void)[] = [];
    const ended = (code: number | null, reason: string | null): void => {
      if (exit !== undefined) return;
      exit = { code, reason };
      for (const listener of exitListeners) listener(exit);
    };
    child.on('error', (error) => ended(null, error.message));
    // Not 'exit': its last output may still be in transit then.
    child.on('close', (code, signal) => ended(code, signal));
    child.stderr?.setEncoding('utf8');
    const computeProcess: ComputeProcess = {
      pid: child.pid,
      post: (message) => {
        // A message that is too late is not an error: the process has ended, and its exit is reported.
        if (child.connected) child.send(message as object, () => undefined);
      },
      onMessage: (listener) => child.on('message', listener),
      onStderr: (listener) => child.stderr?.on('data', listener),
      onExit: (listener) => (exit === undefined ? exitListeners.push(listener) : listener(exit)),
      kill: () => child.kill('SIGKILL'),
    };
    return computeProcess;
  };
}
