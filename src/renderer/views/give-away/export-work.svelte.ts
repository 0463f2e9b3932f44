import type { Bridge, OpenStream } from '../../../shared/ipc/contract.ts';
import type { ExportChoice, ReadyExport } from '../../../shared/domain/exchange.ts';
import type { ModelReference } from '../../../shared/domain/run.ts';

/** One export at a time: created, checked and saved. The result can be saved until the next export starts or this is stopped. */
export class ExportWork {
  status = $state.raw<'none' | 'exporting' | 'ready' | 'failed'>('none');
  /** The current or last export. */
  choice = $state.raw<ExportChoice | null>(null);
  /** 0..1 */
  fraction = $state(0);
  result = $state.raw<ReadyExport | null>(null);
  /** Whether the result was saved where the user wants it. */
  isSaved = $state(false);
  problem = $state.raw<unknown>(null);
  readonly #bridge: Bridge;
  #stream: OpenStream<'models.export'> | null = null;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  /** Exports a model; then the user is asked where to save it, or the browser saves it. */
  start(model: ModelReference, choice: ExportChoice): void {
    this.stop();
    this.status = 'exporting';
    this.choice = choice;
    const stream = this.#bridge.open('models.export', { model, choice }, (item) => {
      if (this.#stream !== stream) return;
      if (item.kind === 'progress') {
        this.fraction = item.fraction;
        return;
      }
      // After a lost connection the work is done again: it is a new file, and saving was offered before.
      const isFirst = this.result === null;
      this.result = item;
      this.status = 'ready';
      // For a page, the user first sees what its samples copy.
      if (isFirst && choice.format !== 'page') void this.save();
    });
    this.#stream = stream;
    stream.ended.catch((error: unknown) => this.#fail(stream, error));
  }

  /** Saves the result, each time where the user chooses. */
  async save(): Promise<void> {
    const { result } = this;
    const stream = this.#stream;
    if (result === null || stream === null) return;
    try {
      const isSaved = await this.#bridge.saveExport(result.ticket, result.name);
      if (this.#stream === stream) this.isSaved = isSaved;
    } catch (error) {
      this.#fail(stream, error);
    }
  }

  /** Cancels an export, and forgets the last one. */
  stop(): void {
    this.#stream?.close();
    this.#stream = null;
    this.status = 'none';
    this.choice = null;
    this.fraction = 0;
    this.result = null;
    this.isSaved = false;
    this.problem = null;
  }

  #fail(stream: OpenStream<'models.export'>, error: unknown): void {
    if (this.#stream !== stream) return;
    this.problem = error;
    this.status = 'failed';
  }
}
