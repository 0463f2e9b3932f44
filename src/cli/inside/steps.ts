import type { Inspection } from '../../engine/inspection/inspection.ts';
import { measureReach, type Reach } from '../../engine/inspection/reach.ts';
import { measureHeld, type SilencedLoss } from '../../engine/inspection/silence.ts';
import { allProperties } from '../../engine/inspection/unit-search.ts';
import { writeBeside, type Counted } from '../../engine/inspection/write-beside.ts';
import type { HeldUnit } from '../../engine/inspection/hold-units.ts';
import { drive } from '../../node/inspection/drive.ts';
import type { FoundProperty, PropertyRequest } from '../../shared/domain/inspected-properties.ts';
import type { SampleSettings } from '../../shared/domain/sample-settings.ts';
import { CharloomError } from '../../shared/errors.ts';
import { formatShare } from '../../shared/format/numbers.ts';
import type { Output } from '../output.ts';

export interface HeldWriting {
  readonly untouched: string;
  readonly text: string;
  readonly counted: readonly Counted[];
}

/** The steps of the command on an inspection, one after another, with a status line; Ctrl-C cancels. */
export class Steps {
  readonly #inspection: Inspection;
  readonly #output: Output;
  readonly #signal: AbortSignal;

  constructor(inspection: Inspection, output: Output, signal: AbortSignal) {
    this.#inspection = inspection;
    this.#output = output;
    this.#signal = signal;
  }

  async read(): Promise<void> {
    await this.#run(this.#inspection.read(), (fraction) => `reading ${formatShare(fraction)}`);
  }

  async search(properties: readonly PropertyRequest[]): Promise<readonly FoundProperty[]> {
    const found: FoundProperty[] = [];
    const wanted = properties.length === 0 ? allProperties : properties;
    for (const [index, property] of wanted.entries()) {
      const status = `looking for units ${formatShare(index / wanted.length)}`;
      found.push(await this.#run(this.#inspection.search.find(property), () => status));
    }
    return found;
  }

  async reach(): Promise<Reach> {
    return this.#run(
      measureReach(this.#inspection),
      (fraction) => `measuring how far back it reads ${formatShare(fraction)}`,
    );
  }

  async silence(held: readonly HeldUnit[]): Promise<SilencedLoss> {
    return this.#run(
      measureHeld(this.#inspection, held),
      (fraction) => `measuring the loss ${formatShare(fraction)}`,
    );
  }

  async write(
    held: readonly HeldUnit[],
    separator: string | null,
    settings: SampleSettings,
  ): Promise<HeldWriting> {
    const texts = { untouched: '', held: '' };
    const { model, text } = this.#inspection;
    const work = writeBeside(model, text.vocabulary, separator, held, settings);
    const counted = await this.#run(work, ({ which, text: more, fraction }) => {
      texts[which] += more;
      return `writing ${formatShare(fraction)}`;
    });
    return { untouched: texts.untouched, text: texts.held, counted };
  }

  async #run<Step, Result>(
    work: Generator<Step, Result, void>,
    status: (step: Step) => string,
  ): Promise<Result> {
    const done = await drive(work, {
      isWanted: () => !this.#signal.aborted,
      onStep: (step) => this.#output.status(status(step)),
    });
    this.#output.status('');
    if (done === undefined) throw new CharloomError('cancelled', 'Looking inside was cancelled.');
    return done.result;
  }
}
