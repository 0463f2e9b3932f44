import type { Bridge, OpenStream } from '../../../shared/ipc/contract.ts';
import type { Colophon } from '../../../shared/domain/colophon.ts';
import type { SampleSettings } from '../../../shared/domain/sample-settings.ts';
import type { ModelReference } from '../../../shared/domain/run.ts';
import { bytesOf, textOf, type WrittenText } from './written-text.ts';

/** A text, and how it was written. */
export interface WrittenWith {
  readonly written: WrittenText;
  readonly primeText: string;
  readonly settings: SampleSettings;
  readonly starts: readonly number[];
}

/** Finds out what is needed to write a text again; one text at a time. */
export class ColophonWork {
  status = $state.raw<'none' | 'working' | 'failed'>('none');
  /** 0..1 */
  fraction = $state(0);
  problem = $state.raw<unknown>(null);
  readonly #bridge: Bridge;
  #stream: OpenStream<'models.colophon'> | null = null;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  /** Calls `onfound` unless it is stopped before. */
  start(model: ModelReference, text: WrittenWith, onfound: (colophon: Colophon) => void): void {
    this.stop();
    this.status = 'working';
    const { written, primeText, settings, starts } = text;
    const bytes = bytesOf(written);
    const content = bytes === null ? textOf(written) : [...bytes];
    const params = { settings: { ...settings, primeText }, text: content, starts: [...starts] };
    const stream = this.#bridge.open('models.colophon', { model, written: params }, (item) => {
      if (this.#stream !== stream) return;
      if (item.kind === 'progress') {
        this.fraction = item.fraction;
        return;
      }
      this.stop();
      onfound(item.colophon);
    });
    this.#stream = stream;
    stream.ended.catch((error: unknown) => {
      if (this.#stream !== stream) return;
      this.problem = error;
      this.status = 'failed';
    });
  }

  /** Cancels, and forgets what went wrong. */
  stop(): void {
    this.#stream?.close();
    this.#stream = null;
    this.status = 'none';
    this.fraction = 0;
    this.problem = null;
  }
}
