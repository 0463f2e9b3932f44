import type { TrialResult } from './trial-cache.ts';

/** Which backend a model trains on, and why in words. */
export interface Decision {
  readonly backend: 'wasm' | 'tensorflow';
  readonly reason: string;
}

/** TensorFlow must take less than this share of the embedded backend's time: that one starts faster and takes less memory. */
const worthIt = 0.95;

/** The choice that measurements lead to; a tie goes to the embedded backend. */
export function decide({ wasm, tensorflow }: TrialResult): Decision {
  const milliseconds = (value: number): string => `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
  const reason = `a step takes ${milliseconds(tensorflow)} on TensorFlow and ${milliseconds(wasm)} on the embedded backend`;
  return { backend: tensorflow < worthIt * wasm ? 'tensorflow' : 'wasm', reason };
}
