import type { Bridge, OpenStream, StreamItem, StreamParams } from '../../../shared/ipc/contract.ts';
import type { BackendSpeed, Forecast } from '../../../shared/domain/run.ts';

/** Milliseconds without changes before a trial starts: it uses the whole processor for a moment. */
const resting = 600;

export type ForecastParams = StreamParams<'runs.forecast'>;

/** Measures what a run would take: at most one trial at a time, for the settings asked for last. */
export class ForecastTrial {
  progress = $state.raw<{ readonly fraction: number; readonly doing: string } | null>(null);
  forecast = $state.raw<Forecast | null>(null);
  /** What the run would take on each available backend, as far as it is known. */
  speeds = $state.raw<readonly BackendSpeed[]>([]);
  problem = $state.raw<unknown>(null);
  /** The settings that `forecast` belongs to. */
  measured = $state.raw<ForecastParams | null>(null);

  readonly #bridge: Bridge;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stream: OpenStream<'runs.forecast'> | null = null;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  /** Forgets the last answer and measures these settings once they have stopped changing. */
  request(params: ForecastParams): void {
    this.cancel();
    this.progress = { fraction: 0, doing: 'waiting for your changes' };
    this.#timer = setTimeout(() => this.#begin(params), resting);
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#stream?.close();
    this.#stream = null;
    this.progress = null;
    this.forecast = null;
    this.speeds = [];
    this.problem = null;
    this.measured = null;
  }

  #begin(params: ForecastParams): void {
    const stream = this.#bridge.open('runs.forecast', params, (item) => {
      if (this.#stream !== stream) return;
      this.#receive(item, params);
    });
    this.#stream = stream;
    stream.ended.then(
      () => this.#end(stream, null),
      (error: unknown) => this.#end(stream, error),
    );
  }

  #receive(item: StreamItem<'runs.forecast'>, params: ForecastParams): void {
    switch (item.kind) {
      case 'progress':
        this.progress = item;
        break;
      case 'forecast':
        this.progress = null;
        this.measured = params;
        this.forecast = item.forecast;
        break;
      case 'speeds':
        this.speeds = item.speeds;
        break;
    }
  }

  #end(stream: OpenStream<'runs.forecast'>, problem: unknown): void {
    if (this.#stream !== stream) return;
    this.#stream = null;
    this.progress = null;
    this.problem = problem;
  }
}

/** The settings that a trial depends on, as one string: a new name or seed needs no new measurement. */
export function forecastKey({ settings, ...rest }: ForecastParams): string {
  return JSON.stringify({
    ...rest,
    settings: { ...settings, name: '', seed: 0, onExplosion: '', patience: 0 },
  });
}
