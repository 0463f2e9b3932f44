import { backendKinds, backendWords, type BackendKind } from '../../shared/domain/backends.ts';
import type { TrialResult } from './trial-cache.ts';

/** Which backend a model trains on, and why in words. */
export interface Decision {
  readonly backend: BackendKind;
  readonly reason: string;
}

/** Another backend must take less than this share of the embedded one's time: that one starts faster and takes less memory. */
const worthIt = 0.95;

/** The choice that measurements lead to; a tie goes to the embedded backend. */
export function decide(times: TrialResult): Decision {
  const measured = backendKinds
    .flatMap((kind) => {
      const milliseconds = times[kind];
      return milliseconds === undefined ? [] : [{ kind, milliseconds }];
    })
    // The embedded one is what the others are held against.
    .sort((a, b) => Number(a.kind === 'wasm') - Number(b.kind === 'wasm') || a.milliseconds - b.milliseconds);
  const told = measured.map(
    ({ kind, milliseconds }) => `${inWords(milliseconds)} on ${backendWords[kind].name}`,
  );
  const [fastest] = measured;
  const embedded = times.wasm ?? Infinity;
  return {
    backend: fastest !== undefined && fastest.milliseconds < worthIt * embedded ? fastest.kind : 'wasm',
    reason: `a step takes ${new Intl.ListFormat('en').format(told)}`,
  };
}

function inWords(milliseconds: number): string {
  return `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`;
}
