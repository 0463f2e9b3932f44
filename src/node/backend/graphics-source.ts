import type { ReferenceOf } from '../../shared/domain/backends.ts';
import type { Failure } from '../../shared/domain/common.ts';
import type { CardReport } from '../webgpu/card-probe.ts';

/** What a host found when it looked for WebGPU. */
export interface FoundGraphics {
  /** Null where there is none that may be trained on. */
  readonly backend: ReferenceOf<'webgpu'> | null;
  /** What is wrong with one that is here, and what to do about it; null when nothing is. */
  readonly problem: Failure | null;
}

/**
 * How a host comes by WebGPU: command line and browser host have Dawn in compute processes, once it is installed; the desktop application has that of its own
 * Chromium, in a hidden window. Only they can find out the card's name, since the native code is never loaded where they live.
 */
export interface GraphicsSource {
  /** Whose WebGPU it is; `dawn` has to be installed, the window's own needs nothing. */
  readonly host: ReferenceOf<'webgpu'>['host'] | 'none';
  /** Looks once and remembers what it found. Never rejects. */
  find(): Promise<FoundGraphics>;
  /**
   * Looks afresh and trains a small model on the card; null where no WebGPU is here.
   * Rejects with CharloomError 'backend-unavailable' (what is wrong, and what to do) or 'cancelled'.
   */
  test(signal: AbortSignal): Promise<CardReport | null>;
}

/** A host without WebGPU. */
export const noGraphics: GraphicsSource = {
  host: 'none',
  find: () => Promise.resolve({ backend: null, problem: null }),
  test: () => Promise.resolve(null),
};
