import type { Bridge, StreamItem } from '../../../shared/ipc/contract.ts';
import type { Checkpoint } from '../../../shared/domain/checkpoint.ts';
import type { Measurement } from './curve.ts';

/** A run's checkpoints and the validation losses between them; follows a training run. */
export class CheckpointList {
  /** Null until they have arrived. */
  checkpoints = $state.raw<readonly Checkpoint[] | null>(null);
  measurements = $state.raw<readonly Measurement[]>([]);
  problem = $state.raw<unknown>(null);

  readonly #bridge: Bridge;
  readonly #run: string;
  #isReading = false;
  #isStale = false;
  #isClosed = false;
  /** Measurements of a history that is still being received. */
  #told: Measurement[] | null = null;

  constructor(bridge: Bridge, run: string) {
    this.#bridge = bridge;
    this.#run = run;
  }

  /** Follows the run. Returns a function that stops it. */
  watch(): () => void {
    const stream = this.#bridge.open('runs.watch', { run: this.#run }, (item) => this.#receive(item));
    // The list is independent: a run without a readable history still has its checkpoints.
    stream.ended.catch(() => undefined);
    return () => {
      this.#isClosed = true;
      stream.close();
    };
  }

  /** Reads the list again. Any number of calls during that causes one further read afterwards. */
  async refresh(): Promise<void> {
    this.#isStale = true;
    if (this.#isReading) return;
    this.#isReading = true;
    while (this.#isStale && !this.#isClosed) {
      this.#isStale = false;
      try {
        this.checkpoints = await this.#bridge.request('checkpoints.list', { run: this.#run });
        this.problem = null;
      } catch (error) {
        this.problem = error;
      }
    }
    this.#isReading = false;
  }

  #receive(item: StreamItem<'runs.watch'>): void {
    switch (item.kind) {
      case 'begin':
        this.#told = [];
        break;
      case 'evaluation':
        if (item.validationLoss !== null) this.#add({ iteration: item.iteration, loss: item.validationLoss });
        break;
      case 'rollback':
        this.#keep(({ iteration }) => iteration <= item.iteration);
        break;
      case 'live':
        this.measurements = this.#told ?? this.measurements;
        this.#told = null;
        break;
      case 'checkpoint':
        if (this.#told === null) void this.refresh();
        break;
      default:
      // Steps, samples and remarks about the run are for other pages.
    }
  }

  #add(measurement: Measurement): void {
    if (this.#told === null) this.measurements = [...this.measurements, measurement];
    else this.#told.push(measurement);
  }

  #keep(isKept: (measurement: Measurement) => boolean): void {
    if (this.#told === null) this.measurements = this.measurements.filter(isKept);
    else this.#told = this.#told.filter(isKept);
  }
}
