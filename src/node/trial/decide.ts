import { backendName, type BackendReference } from '../../shared/domain/backends.ts';
import type { Measurement } from '../../shared/compute/messages.ts';

/** The result of trying a model on a backend. */
export type TriedBackend =
  | {
      readonly kind: 'measured';
      readonly backend: BackendReference;
      readonly measurement: Measurement;
      /** Whether other programs left the processor free. */
      readonly isCalm: boolean;
    }
  | { readonly kind: 'failed'; readonly backend: BackendReference; readonly error: Error };

export type MeasuredBackend = Extract<TriedBackend, { readonly kind: 'measured' }>;

/** The backend for a model, and the reason as a sentence; null if none could be tested. */
export interface Decision {
  readonly chosen: MeasuredBackend | null;
  readonly reason: string;
}

/** Another backend must take less than this share of the embedded one's time: that one starts faster and takes less memory. */
const worthIt = 0.95;

/** The choice that measurements lead to; a tie goes to the embedded backend, and one that failed is excluded. */
export function decide(tried: readonly TriedBackend[]): Decision {
  const measured = tried
    .filter((each) => each.kind === 'measured')
    // The embedded one is what the others are compared with.
    .sort((a, b) => Number(isEmbedded(a)) - Number(isEmbedded(b)) || stepOf(a) - stepOf(b));
  const [fastest] = measured;
  const embedded = measured.find(isEmbedded);
  const isWorthIt = fastest !== undefined && (!embedded || stepOf(fastest) < worthIt * stepOf(embedded));
  return { chosen: (isWorthIt ? fastest : embedded) ?? null, reason: reasonOf(tried, measured) };
}

function reasonOf(tried: readonly TriedBackend[], measured: readonly MeasuredBackend[]): string {
  const told = measured.map((each) => `${inWords(stepOf(each))} on ${backendName(each.backend)}`);
  const failed = tried
    .filter((each) => each.kind === 'failed')
    .map(
      ({ backend, error }) =>
        `${backendName(backend)} could not be tested: ${error.message.replace(/\.$/, '')}`,
    );
  const times = told.length === 0 ? [] : [`a step takes ${new Intl.ListFormat('en').format(told)}`];
  const remarks = measured.every(({ isCalm }) => isCalm)
    ? []
    : ['other programs were busy during the test, so it will be repeated'];
  return [...times, ...failed, ...remarks].join('; ');
}

function isEmbedded({ backend }: TriedBackend): boolean {
  return backend.kind === 'wasm';
}

function stepOf({ measurement }: MeasuredBackend): number {
  return measurement.millisecondsPerStep;
}

function inWords(milliseconds: number): string {
  return `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`;
}
