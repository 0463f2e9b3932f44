import type { Command } from 'commander';
import type { Backend } from '../engine/backends/backend.ts';
import { choiceOption, integerOption } from './options.ts';

export interface BackendOptions {
  readonly backend?: 'auto' | 'wasm';
  readonly threads?: number;
}

/** Adds `--backend` and `--threads`. */
export function addBackendOptions(command: Command): Command {
  return command
    .addOption(
      choiceOption('backend', 'what does the arithmetic; auto takes the best that works here', [
        'auto',
        'wasm',
      ]),
    )
    .addOption(
      integerOption('threads', 'processor threads to use (default: one per core, at most eight)', {
        minimum: 1,
        maximum: 64,
      }),
    );
}

/** Starts the backend that was asked for; the caller disposes it. */
export async function openBackend(
  options: BackendOptions & { readonly revectorize?: boolean },
): Promise<Backend> {
  const { loadWasmBackend } = await import('../host/backend/wasm.ts');
  return loadWasmBackend({ threads: options.threads, revectorize: options.revectorize });
}
