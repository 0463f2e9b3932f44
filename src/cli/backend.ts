import type { Command } from 'commander';
import type { Backend } from '../engine/backends/backend.ts';
import type { GraphicsSource } from '../node/backend/graphics-source.ts';
import type { ForkProcess } from '../processes/process.ts';
import {
  backendChoices,
  backendName,
  embeddedBackend,
  type BackendChoice,
  type BackendReference,
} from '../shared/domain/backends.ts';
import type { RunSettings } from '../shared/domain/run-settings.ts';
import { choiceOption, integerOption } from './options.ts';
import { continueInComputeProcess, isPreparedFor, preparedBackend } from './compute-process.ts';

export interface BackendOptions {
  readonly backend?: BackendChoice;
  readonly threads?: number;
}

/** What `--backend auto` needs besides the options. */
export interface BackendUse {
  /** The model about to be trained; without it `auto` means the embedded backend. */
  readonly model?: TrainedModel;
  /** Called with the chosen backend and the reason. */
  readonly say?: (remark: string) => void;
  /** Set if the caller has already looked for a card. */
  readonly graphics?: GraphicsSource;
  /** Cancels a trial whose result is no longer needed. */
  readonly signal?: AbortSignal;
}

export interface TrainedModel {
  readonly settings: RunSettings;
  readonly vocabularySize: number;
}

/** What `auto` means if no model is about to be trained. */
const embeddedIsAuto = 'compute backend; auto is the embedded one';

/** Adds `--backend` and `--threads`. */
export function addBackendOptions(command: Command, backendWords = embeddedIsAuto): Command {
  return command.addOption(choiceOption('backend', backendWords, backendChoices)).addOption(
    integerOption('threads', 'processor threads to use (default: one per core, at most eight)', {
      minimum: 1,
      maximum: 64,
    }),
  );
}

/**
 * Starts the requested backend; the caller disposes of it. A backend that needs a process of its own runs the whole command line again
 * in such a process, and then this never returns: call it before anything is locked, written or printed.
 */
export async function startBackend(
  options: BackendOptions & { readonly revectorize?: boolean },
  use: BackendUse = {},
): Promise<Backend> {
  const { environmentFor, needsOwnProcess, openBackend } = await import('../node/backend/providers.ts');
  const { threads = 0, revectorize } = options;
  const backend = await chosenBackend(options, use);
  if (needsOwnProcess(backend) && !isPreparedFor(backend)) {
    return continueInComputeProcess(backend, environmentFor(backend, threads));
  }
  return openBackend(backend, { threads, revectorize });
}

async function chosenBackend(
  { backend: choice = 'auto', threads = 0 }: BackendOptions,
  { model, say, signal, graphics = ownGraphics() }: BackendUse,
): Promise<BackendReference> {
  const prepared = preparedBackend();
  if (prepared !== undefined && (choice === 'auto' || choice === prepared.kind)) return prepared;
  if (choice !== 'auto') {
    const { requireBackend } = await import('../node/backend/providers.ts');
    const fix = `"charloom engine install ${choice}" installs it; --backend wasm needs no installation.`;
    return requireBackend(choice, graphics, fix);
  }
  if (model === undefined) return embeddedBackend;
  const { chooseBackend, findCandidates } = await import('../processes/choose-backend.ts');
  // With a single candidate there is nothing to report, unless an expected card is missing.
  const hasChoice = (await findCandidates(graphics)).length > 1 || (await graphics.find()).problem !== null;
  if (!hasChoice) return embeddedBackend;
  const { backend, reason } = await chooseBackend(
    { ...model, choice, threads },
    {
      fork: await ownFork(),
      graphics,
      ...(signal === undefined ? {} : { signal }),
      onTrial: once(() => say?.('Finding the fastest backend for this model ...')),
    },
  );
  say?.(`Using ${backendName(backend)}: ${reason}.`);
  return backend;
}

/** Runs the work the first time and does nothing later. */
function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) work();
    isDone = true;
  };
}

/** WebGPU on the command line: Dawn, loaded on demand. A process started for a card does not search for it again. */
export function ownGraphics(): GraphicsSource {
  const source = async (): Promise<GraphicsSource> => {
    const { DawnGraphics } = await import('../processes/dawn-graphics.ts');
    return new DawnGraphics(await ownFork());
  };
  let opened: Promise<GraphicsSource> | undefined;
  const prepared = preparedBackend();
  return {
    host: 'dawn',
    find: async () =>
      prepared?.kind === 'webgpu'
        ? { backend: prepared, problem: null }
        : (await (opened ??= source())).find(),
    test: async (signal) => (await (opened ??= source())).test(signal),
  };
}

/** Starts compute processes as children of this one. */
export async function ownFork(): Promise<ForkProcess> {
  const { nodeFork } = await import('../processes/node-fork.ts');
  const { computeEntry } = await import('../node/files/built-files.ts');
  return nodeFork(computeEntry());
}
