import { setImmediate as yieldToEventLoop } from 'node:timers/promises';

/** Milliseconds of work between two turns of the event loop. */
const breathMs = 30;

/** Work that is done in portions, one of a kind at a time: another of its kind, or a stop, ends it. */
export class LongWork<Kind extends string> {
  readonly #turns = new Map<Kind, number>();

  stop(kind: Kind): void {
    this.#turns.set(kind, (this.#turns.get(kind) ?? 0) + 1);
  }

  /** Ends whatever of this kind is under way. Tells whether the new work is still wanted. */
  begin(kind: Kind): () => boolean {
    this.stop(kind);
    const turn = this.#turns.get(kind);
    return () => this.#turns.get(kind) === turn;
  }

  /** Runs to the end and gives its result, or undefined when it is no longer wanted; then the work has been closed. */
  async run<Step, Result>(
    work: Generator<Step, Result, void>,
    isWanted: () => boolean,
    onStep: (step: Step) => void,
  ): Promise<{ readonly result: Result } | undefined> {
    let breathed = performance.now();
    try {
      for (;;) {
        const step = work.next();
        if (step.done === true) return { result: step.value };
        onStep(step.value);
        if (performance.now() - breathed < breathMs) continue;
        await yieldToEventLoop();
        breathed = performance.now();
        if (!isWanted()) return undefined;
      }
    } finally {
      work.return(undefined as Result);
    }
  }
}
