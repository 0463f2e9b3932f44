import type { Bridge, StreamItem, StreamMessage } from '../../src/shared/ipc/contract.ts';
import type { Unit } from '../../src/shared/domain/inspected-properties.ts';
import { plainModel } from '../../src/shared/domain/model-spec.ts';

export type Item = StreamItem<'models.inspect'>;
type Message = StreamMessage<'models.inspect'>;
type Asked<K extends Message['kind']> = Extract<Message, { kind: K }>;

export const scale = {
  mean: 0,
  low: -1,
  middle: 0,
  high: 1,
  percentiles: Array.from({ length: 21 }, (_, step) => (step - 10) / 10),
};

/** The other side: it keeps what it is asked and answers when the test says so. */
export class Inspected {
  readonly asked: Message[] = [];
  opened = 0;
  closed = 0;
  #push: (item: Item) => void = () => undefined;
  #fail: (error: Error) => void = () => undefined;
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  readonly bridge = {
    open: (_name: string, _params: unknown, onItem: (item: Item) => void) => {
      this.opened += 1;
      this.#push = onItem;
      const ended = new Promise<void>((_, reject) => (this.#fail = reject));
      return { send: (message: Message) => this.asked.push(message), close: () => void this.closed++, ended };
    },
  } as unknown as Bridge;

  push(item: Item): void {
    this.#push(item);
  }

  fail(error: Error): void {
    this.#fail(error);
  }

  ready(): void {
    const half = Math.floor(this.text.length / 2);
    this.push({
      kind: 'ready',
      title: 'model',
      spec: { model: 'lstm', vocabularySize: 10, rnnSize: 8, numLayers: 2, ...plainModel },
      epoch: 1,
      validationLoss: 1,
      symbols: 'characters',
      vocabulary: ['a'],
      textTitle: 'text',
      length: this.text.length,
      pieces: [
        { start: 0, end: half, position: 100, learned: false },
        { start: half, end: this.text.length, position: 0, learned: true },
      ],
      remarks: [],
      checkpoints: 3,
    });
  }

  last<K extends Message['kind']>(kind: K): Asked<K> {
    const found = this.asked.findLast((message): message is Asked<K> => message.kind === kind);
    if (found === undefined) throw new Error(`no ${kind} was asked`);
    return found;
  }

  /** The value of a unit at a symbol, different for each. */
  static value({ layer, unit }: Unit, position: number): number {
    return Math.fround(layer + unit / 10 + position / 1e6);
  }

  /** Answers the last window that was asked for. */
  answer(): void {
    const { request, start, count, unit } = this.last('window');
    const positions = Array.from({ length: count }, (_, index) => start + index);
    this.push({
      kind: 'window',
      request,
      start,
      texts: positions.map((position) => this.text[position] ?? ''),
      values: positions.map((position) => Inspected.value(unit, position)),
      labels: null,
      scale,
    });
  }
}
