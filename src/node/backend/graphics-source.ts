import type { ReferenceOf } from '../../shared/domain/backends.ts';
import type { Failure } from '../../shared/domain/common.ts';
import type { CardReport } from '../webgpu/card-probe.ts';

/** What a host found when it looked for WebGPU. */
export interface FoundGraphics {
  /** Null where there is none that may be trained on. */
  readonly backend: ReferenceOf<'webgpu'> | null;
  /** What is wrong with an existing card, and what to do about it; null if nothing is. */
  readonly problem: Failure | null;
}

/**
 * How a host gets WebGPU. The command line and the browser host use Dawn in compute processes, once it is installed; the desktop application uses its
 * own Chromium in a hidden window. Only those processes can find out the card's name, because the native code is never loaded in the host.
 */
export interface GraphicsSource {
  /** Which WebGPU is used: `dawn` must be installed, the window's needs no installation. */
  readonly host: ReferenceOf<'webgpu'>['host'] | 'none';
  /** Looks once and remembers what it found. Never rejects. */
  find(): Promise<FoundGraphics>;
  /**
   * Looks again and trains a small model on the card; null if there is no WebGPU. Rejects with CharloomError 'backend-unavailable' (with reason and
   * advice) or 'cancelled'.
   */
  test(signal: AbortSignal): Promise<CardReport | null>;
}

/** A host without WebGPU. */
export const noGraphics: GraphicsSource = {
  host: 'none',
  find: () => Promise.resolve({ backend: null, problem: null }),
  test: () => Promise.resolve(null),
};
