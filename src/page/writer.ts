import type { Opening, SampledSymbol } from '../engine/sampling/text-generator.ts';
import { TextGenerator } from '../engine/sampling/text-generator.ts';
import type { SampleSettings } from '../shared/domain/sample-settings.ts';
import type { PageModel } from './model.ts';

/** Milliseconds of work before the page handles other events. */
const portionMs = 12;

export interface WriterHooks {
  /** The opening words have been read. */
  readonly onOpening: (opening: Opening) => void;
  readonly onSymbols: (symbols: readonly SampledSymbol[]) => void;
}

/** Why writing ended. */
export type Rest = 'finished' | 'stopped';

/** Writes in portions, so that the page always answers. */
export class Writer {
  readonly #model: PageModel;
  readonly #hooks: WriterHooks;
  #generator: TextGenerator | undefined;
  #isOpen = false;
  /** Incremented whenever current work is no longer wanted. */
  #turn = 0;

  constructor(model: PageModel, hooks: WriterHooks) {
    this.#model = model;
    this.#hooks = hooks;
  }

  /** Starts a text. */
  async write(settings: SampleSettings): Promise<Rest> {
    const { network, vocabulary, separator } = this.#model;
    const turn = ++this.#turn;
    const generator = new TextGenerator(network, vocabulary, settings, separator);
    this.#generator = generator;
    this.#isOpen = false;
    const reading = generator.reading();
    for (;;) {
      const opening = inPortion(() => {
        const { done, value } = reading.next();
        return done === true ? value : undefined;
      });
      if (opening !== undefined) {
        this.#hooks.onOpening(opening);
        break;
      }
      await otherTasks();
      if (turn !== this.#turn) return 'stopped';
    }
    this.#isOpen = true;
    return this.#advance(generator, turn);
  }

  /** Writes `length` more symbols after the text so far. */
  async continue(length: number): Promise<Rest> {
    const generator = this.#generator;
    if (generator === undefined || !this.#isOpen) return 'stopped';
    generator.extend(length);
    return this.#advance(generator, ++this.#turn);
  }

  stop(): void {
    this.#turn += 1;
  }

  async #advance(generator: TextGenerator, turn: number): Promise<Rest> {
    while (turn === this.#turn) {
      const symbols: SampledSymbol[] = [];
      inPortion(() => {
        const symbol = generator.next();
        if (symbol === undefined) return true;
        symbols.push({ ...symbol });
        return undefined;
      });
      this.#hooks.onSymbols(symbols);
      if (generator.end !== undefined) return 'finished';
      await otherTasks();
    }
    return 'stopped';
  }
}

/** Repeats a step until it returns something or the portion is over. */
function inPortion<T>(step: () => T | undefined): T | undefined {
  const begun = performance.now();
  do {
    const result = step();
    if (result !== undefined) return result;
  } while (performance.now() - begun < portionMs);
  return undefined;
}

/** Lets the page draw and handle events. A timer would wait 4 ms each time; a message does not. */
function otherTasks(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
