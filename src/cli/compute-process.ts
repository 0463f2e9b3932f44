import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import { isDeepStrictEqual } from 'node:util';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { comeBackMs, goingOnSentence, Losses, mayBeLost } from '../processes/losses.ts';
import {
  backendReferenceSchema,
  type BackendKind,
  type BackendReference,
} from '../shared/domain/backends.ts';
import { withSuggestedCommands } from './suggested-command.ts';

/** The environment variable that names the backend that a process was started for. */
const backendVariable = 'CHARLOOM_BACKEND';
/** The environment variable that names the folder of the run that a process resumes in place of one that crashed. */
const goOnVariable = 'CHARLOOM_GO_ON';

/** True in a process whose environment was made for this backend. */
export function isPreparedFor(backend: BackendReference): boolean {
  return isDeepStrictEqual(preparedBackend(), backend);
}

/** The backend that this process was started for, if any: then the choice has already been made. */
export function preparedBackend(): BackendReference | undefined {
  const said = process.env[backendVariable];
  if (said === undefined) return undefined;
  try {
    return backendReferenceSchema.safeParse(JSON.parse(said)).data;
  } catch {
    return undefined;
  }
}

/** The run that this process resumes because the process before it crashed during training. */
export function runToGoOnWith(): string | undefined {
  return process.env[goOnVariable];
}

/** Tells the parent process that a run trains, so that the parent resumes it if this process crashes. */
export function tellStarted(run: string): void {
  if (preparedBackend() !== undefined) process.send?.({ started: run });
}

const startedSchema = z.object({ started: z.string().min(1) });

const passedOn = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2'] as const;

/**
 * Runs this command line again in a process whose environment suits the backend (library paths and TensorFlow's switches are read only at the start),
 * and exits with its exit code. TensorFlow's own messages on stderr are filtered out. Never returns.
 */
export async function continueInComputeProcess(
  backend: BackendReference,
  environment: Readonly<Record<string, string>>,
): Promise<never> {
  const losses = new Losses();
  const own = { ...environment, [backendVariable]: JSON.stringify(backend) };
  for (let goOn: string | undefined; ;) {
    const { code, signal, started, isAsked } = await runChild({
      ...own,
      ...(goOn === undefined ? {} : { [goOnVariable]: goOn }),
    });
    const isCrashed = signal !== null && isCrash(signal);
    if (!isCrashed || started === undefined || isAsked || !mayBeLost(backend.kind) || !losses.goesOn()) {
      if (isCrashed) process.stderr.write(`${withSuggestedCommands(explainCrash(signal, backend.kind))}\n`);
      process.exit(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    }
    const why = `The graphics card's process ended unexpectedly (${signal}).`;
    process.stderr.write(`charloom: ${goingOnSentence(why)}\n`);
    await wait(comeBackMs);
    goOn = started;
  }
}

interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The folder of the run that it trained. */
  readonly started: string | undefined;
  /** Whether it was sent a signal through this process. */
  readonly isAsked: boolean;
}

/** Runs this command line in a process with additional environment variables, to its end. */
async function runChild(environment: Readonly<Record<string, string>>): Promise<ChildEnd> {
  let started: string | undefined;
  let isAsked = false;
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    stdio: ['inherit', 'inherit', 'pipe', 'ipc'],
    env: {
      ...process.env,
      ...environment,
      // The child ends with this process, as this process ends with its launcher.
      CHARLOOM_LAUNCHED: process.env['CHARLOOM_LAUNCHED'] ?? process.argv[1] ?? 'charloom',
    },
  });
  if (child.stderr !== null) {
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (!isLibraryChatter(line)) process.stderr.write(`${line}\n`);
    });
  }
  child.on('message', (message) => (started = startedSchema.safeParse(message).data?.started ?? started));
  for (const signal of passedOn) {
    if (!(signal in constants.signals)) continue;
    // The child process has counterparts of the listeners here, and it alone handles signals.
    process.removeAllListeners(signal);
    process.on(signal, () => {
      isAsked = true;
      child.kill(signal);
    });
  }
  return new Promise<ChildEnd>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, started, isAsked }));
  });
}

/** True for unexpected ends: the process crashed, or the system killed it for using too much memory. */
function isCrash(signal: NodeJS.Signals): boolean {
  return ['SIGSEGV', 'SIGILL', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGKILL'].includes(signal);
}

/** Advice for a process that native code has ended: TensorFlow does so when memory runs out, Dawn when a driver fails. */
export function explainCrash(signal: NodeJS.Signals, kind: BackendKind): string {
  const doctor = '"charloom doctor" tests the engine.';
  switch (kind) {
    case 'tensorflow':
      return (
        `charloom: TensorFlow ended without an error message (${signal}); the usual cause is lack of memory.\n` +
        `  A smaller --batch-size or --seq-length needs less; --backend wasm works without TensorFlow; ${doctor}`
      );
    case 'webgpu':
      return (
        `charloom: WebGPU ended without an error message (${signal}); the usual cause is a failure of the graphics card's driver.\n` +
        `  --backend wasm works without the card, also when you resume a run; ${doctor}`
      );
    case 'wasm':
      return `charloom: The process ended without an error message (${signal}). --resume continues a run from its last save.`;
    default:
      return kind satisfies never;
  }
}

/** Log lines of TensorFlow and CUDA: "2026-11-24 08:29:21.999: I tensorflow/…", "E0000 00:00:17… cuda_dnn.cc:8310] …". */
export function isLibraryChatter(line: string): boolean {
  return (
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+: [IWE] /.test(line) ||
    /^[IWE]\d{4} \d\d:\d\d:[\d.]+ +\d+ \S+:\d+\] /.test(line) ||
    line.startsWith('WARNING: All log messages before absl::InitializeLog()') ||
    line.startsWith('To enable the following instructions:')
  );
}
