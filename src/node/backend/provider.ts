import type { Backend } from '../../engine/backends/backend.ts';
import type { BackendReference } from '../../shared/domain/backends.ts';
import type { GraphicsSource } from './graphics-source.ts';

export interface OpenOptions {
  /** 0: the backend's own default. */
  readonly threads: number;
  /** For the embedded backend: lets V8 pair 128-bit operations into 256-bit ones. */
  readonly revectorize?: boolean | undefined;
  /** Connects to the window of the desktop application that computes on the graphics card; only its compute processes can. */
  readonly openInWindow?: (() => Promise<Backend>) | undefined;
}

/** How this machine finds and opens one kind of backend. */
export interface BackendProvider<Reference extends BackendReference = BackendReference> {
  /** The available backends, best first. */
  find(graphics: GraphicsSource): Promise<readonly Reference[]>;
  /** Whether it is native code, which may crash its process: it is then opened only in a process started for it. */
  needsOwnProcess(backend: Reference): boolean;
  /** The environment variables that a process needs to open it; they are read once, when the process starts. */
  environment(backend: Reference, threads: number): Readonly<Record<string, string>>;
  /**
   * Opens it in this process; the caller disposes it.
   * @throws CharloomError('backend-unavailable') if it is missing or does not load
   */
  open(backend: Reference, options: OpenOptions): Promise<Backend>;
}
