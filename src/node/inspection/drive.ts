import { setImmediate as yieldToEventLoop } from 'node:timers/promises';

/** Milliseconds of work between two turns of the event loop. */
const breathMs = 30;

export interface DriveOptions<Step> {
  /** Checked at every turn of the event loop; work that is no longer wanted is closed. */
  readonly isWanted: () => boolean;
  readonly onStep: (step: Step) => void;
}

/**
 * Runs work that is done in portions to its end, with turns of the event loop in between.
 * @returns undefined when it was no longer wanted
 */
export async function drive<Step, Result>(
  work: Generator<Step, Result, void>,
  { isWanted, onStep }: DriveOptions<Step>,
): Promise<{ readonly result: Result } | undefined> {
  let breathed = performance.now();
  try {
    for (;;) {
      const step = work.next();
      if (step.done === true) return { result: step.value };
      onStep(step.value);
      if (performance.now() - breathed < breathMs) continue;
      await yieldToEventLoop();
      if (!isWanted()) return undefined;
      breathed = performance.now();
    }
  } finally {
    // Releases the networks that it holds.
    work.return(undefined as Result);
  }
}
