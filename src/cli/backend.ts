import type { Command } from 'commander';
import type { Backend } from '../engine/backends/backend.ts';
import type { ForkProcess } from '../processes/process.ts';
import type { RunSettings } from '../shared/domain/run-settings.ts';
import { CharloomError } from '../shared/errors.ts';
import { choiceOption, integerOption } from './options.ts';
import { continueInComputeProcess, isPreparedFor, preparedFolder } from './compute-process.ts';

export interface BackendOptions {
  readonly backend?: 'auto' | 'wasm' | 'tensorflow';
  readonly threads?: number;
}

/** What `--backend auto` needs besides the options. */
export interface BackendUse {
  /** The model about to be trained; without it `auto` means the embedded backend. */
  readonly model?: TrainedModel;
  /** Told which backend was chosen, and why. */
  readonly say?: (remark: string) => void;
  /** Ends a trial that nobody waits for any more. */
  readonly signal?: AbortSignal;
}

export interface TrainedModel {
  readonly settings: RunSettings;
  readonly vocabularySize: number;
}

/** What `auto` means where no model is about to be trained. */
const embeddedIsAuto = 'what does the arithmetic; auto is the embedded one';

/** Adds `--backend` and `--threads`. */
export function addBackendOptions(command: Command, backendWords = embeddedIsAuto): Command {
  return command.addOption(choiceOption('backend', backendWords, ['auto', 'wasm', 'tensorflow'])).addOption(
    integerOption('threads', 'processor threads to use (default: one per core, at most eight)', {
      minimum: 1,
      maximum: 64,
    }),
  );
}

/**
 * Starts the backend that was asked for; the caller disposes it. TensorFlow needs a process started for it, so this may run the whole
 * command line again in one and never return: call it before anything is locked, written or printed.
 */
export async function openBackend(
  options: BackendOptions & { readonly revectorize?: boolean },
  use: BackendUse = {},
): Promise<Backend> {
  const backend = options.backend ?? 'auto';
  if (backend === 'tensorflow' || (backend === 'auto' && preparedFolder() !== undefined)) {
    return openTensorflow(options.threads);
  }
  if (backend === 'auto' && use.model !== undefined && (await isTensorflowFaster(use.model, options, use))) {
    return openTensorflow(options.threads);
  }
  const { loadWasmBackend } = await import('../node/wasm/backend.ts');
  return loadWasmBackend({ threads: options.threads, revectorize: options.revectorize });
}

async function isTensorflowFaster(
  model: TrainedModel,
  { threads = 0 }: BackendOptions,
  { say, signal }: BackendUse,
): Promise<boolean> {
  const { listEngines } = await import('../node/tensorflow/installation/engine-folder.ts');
  // With nothing to choose from there is nothing to tell.
  if ((await listEngines()).length === 0) return false;
  const { chooseEngine } = await import('../processes/choose-engine.ts');
  const { engine, reason } = await chooseEngine(
    { ...model, choice: 'auto', threads },
    {
      fork: await ownFork(),
      ...(signal === undefined ? {} : { signal }),
      onTrial: () => say?.('Trying which backend is faster for this model ...'),
    },
  );
  say?.(`Using ${engine === null ? 'the embedded backend' : 'TensorFlow'}: ${reason}.`);
  return engine !== null;
}

/** Starts compute processes as children of this one. */
export async function ownFork(): Promise<ForkProcess> {
  const { nodeFork } = await import('../processes/node-fork.ts');
  const { computeEntry } = await import('../node/files/built-files.ts');
  return nodeFork(computeEntry());
}

async function openTensorflow(threads: number | undefined): Promise<Backend> {
  const { listEngines } = await import('../node/tensorflow/installation/engine-folder.ts');
  const [engine] = await listEngines();
  if (engine === undefined) {
    throw new CharloomError('backend-unavailable', 'The TensorFlow engine is not installed.', {
      fix: '"charloom engine install tensorflow" installs it; --backend wasm needs nothing.',
    });
  }
  if (!isPreparedFor(engine)) return continueInComputeProcess(engine, threads);
  const { loadTensorflowBackend } = await import('../node/tensorflow/backend.ts');
  const { firstCard } = await import('../node/tensorflow/diagnosis/graphics.ts');
  return loadTensorflowBackend(engine, { threads, card: await firstCard(engine.manifest.kind) });
}
