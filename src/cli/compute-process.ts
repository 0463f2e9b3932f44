import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import { isDeepStrictEqual } from 'node:util';
import { backendReferenceSchema, type BackendReference } from '../shared/domain/backends.ts';

/** Names the backend that a process was started for, in the environment. */
const backendVariable = 'CHARLOOM_BACKEND';

/** True in a process whose environment was made for this backend. */
export function isPreparedFor(backend: BackendReference): boolean {
  return isDeepStrictEqual(preparedBackend(), backend);
}

/** The backend that this process was started for, if it was for one: then the choice has been made. */
export function preparedBackend(): BackendReference | undefined {
  const said = process.env[backendVariable];
  if (said === undefined) return undefined;
  try {
    return backendReferenceSchema.safeParse(JSON.parse(said)).data;
  } catch {
    return undefined;
  }
}

const passedOn = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2'] as const;

/**
 * Runs this same command line once more in a process whose environment suits the backend (library paths and TensorFlow's switches are read
 * at the start and never again), and ends as it ends. What TensorFlow tells itself on stderr is left out. Never returns.
 */
export async function continueInComputeProcess(
  backend: BackendReference,
  environment: Readonly<Record<string, string>>,
): Promise<never> {
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    stdio: ['inherit', 'inherit', 'pipe', 'ipc'],
    env: {
      ...process.env,
      ...environment,
      [backendVariable]: JSON.stringify(backend),
      // The child ends with this process as this one ends with its launcher.
      CHARLOOM_LAUNCHED: '1',
    },
  });
  if (child.stderr !== null) {
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (!isLibraryChatter(line)) process.stderr.write(`${line}\n`);
    });
  }
  for (const signal of passedOn) {
    if (!(signal in constants.signals)) continue;
    // Whoever listened here has a twin in the child, which alone obeys and answers.
    process.removeAllListeners(signal);
    process.on(signal, () => child.kill(signal));
  }
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode, signal) => {
      if (signal !== null && isCrash(signal)) process.stderr.write(`${explainCrash(signal, backend)}\n`);
      resolve(exitCode ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
  process.exit(code);
}

/** True for ends that nobody asked for: the process broke, or the system took its memory back. */
function isCrash(signal: NodeJS.Signals): boolean {
  return ['SIGSEGV', 'SIGILL', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGKILL'].includes(signal);
}

/** What a person can do when the native code of a backend has ended its process: TensorFlow does so when memory runs out, Dawn when a driver fails. */
function explainCrash(signal: NodeJS.Signals, { kind }: BackendReference): string {
  const doctor = '"charloom doctor" tests the engine.';
  switch (kind) {
    case 'tensorflow':
      return (
        `charloom: TensorFlow ended without a word (${signal}); most often that means that the memory ran out.\n` +
        `  A smaller --batch-size or --seq-length takes less; --backend wasm does without TensorFlow; ${doctor}`
      );
    case 'webgpu':
      return (
        `charloom: WebGPU ended without a word (${signal}); most often that means that the graphics card's driver failed.\n` +
        `  A run goes on from its last save with --resume; --backend wasm does without the card; ${doctor}`
      );
    case 'wasm':
      return `charloom: The process ended without a word (${signal}). A run goes on from its last save with --resume.`;
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
