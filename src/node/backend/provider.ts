import type { Backend } from '../../engine/backends/backend.ts';
import type { BackendReference } from '../../shared/domain/backends.ts';
import type { GraphicsSource } from './graphics-source.ts';

export interface OpenOptions {
  /** 0: as many as the backend thinks best. */
  readonly threads: number;
  /** Of the embedded backend: lets V8 pair 128-bit operations into 256-bit ones. */
  readonly revectorize?: boolean | undefined;
  /** Connects to the window of the desktop application that computes on the graphics card; only its compute processes can. */
  readonly openInWindow?: (() => Promise<Backend>) | undefined;
}

/** How this machine comes by one kind of backend. */
export interface BackendProvider<Reference extends BackendReference = BackendReference> {
  /** Those that are here, the best first. */
  find(graphics: GraphicsSource): Promise<readonly Reference[]>;
  /** Whether it is native code, which may take its process with it: then it is opened only in a process that was started for it. */
  needsOwnProcess(backend: Reference): boolean;
  /** What a process needs in its environment before it opens one, since it is read once, at the start. */
  environment(backend: Reference, threads: number): Readonly<Record<string, string>>;
  /**
   * Starts one in this process; the caller disposes it.
   * @throws CharloomError('backend-unavailable') if it is missing or does not load
   */
  open(backend: Reference, options: OpenOptions): Promise<Backend>;
}
