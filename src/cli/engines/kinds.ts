import type { InstallHooks } from '../../node/engines/progress.ts';

/** Options of `charloom engine install`, as they were typed. */
export interface InstallOptions {
  readonly gpu?: boolean;
  readonly cpu?: boolean;
  readonly from?: string;
  readonly json?: boolean;
}

/** An installed engine, as `engine list` shows it. */
export interface EngineRow {
  /** A line for people. */
  readonly line: string;
  readonly folder: string;
  /** For `--json`. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** How the command line installs, lists and removes one kind of engine. */
export interface EngineKind {
  /** In a sentence. */
  readonly title: string;
  /** Installs it; `data` for `--json`, `text` for people. */
  install(
    options: InstallOptions,
    hooks: InstallHooks,
  ): Promise<{ readonly data: unknown; readonly text: string }>;
  list(): Promise<readonly EngineRow[]>;
  /** Removes all that are installed; returns their folders. */
  remove(): Promise<readonly string[]>;
}
