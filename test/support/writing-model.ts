import type { Bridge, StreamItem, StreamMessage } from '../../src/shared/ipc/contract.ts';
import { plainModel } from '../../src/shared/domain/model-spec.ts';

type Item = StreamItem<'models.write'>;
type Message = StreamMessage<'models.write'>;

export const alphabet = 'abcdefghij';

/** A model whose next symbol depends on everything it has read, so that a misread text continues wrongly. */
export function next(read: string): string {
  let hash = 7;
  for (const character of read) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 10_007;
  return alphabet[hash % alphabet.length] ?? 'a';
}

/** The model's continuation of a text. */
export function continued(text: string, length: number): string {
  let all = text;
  for (let i = 0; i < length; i++) all += next(all);
  return all;
}

/** The other side, exactly as in the contract: it answers each message before the next, unless told to hold symbols back. */
export class WritingModel {
  readonly messages: Message[] = [];
  closed = 0;
  /** True: a text starts, and nothing follows. */
  holdsBack = false;
  #push: (item: Item) => void = () => undefined;
  #fail: (error: Error) => void = () => undefined;
  #prime = '';
  #text: string[] = [];

  readonly bridge = {
    open: (_name: string, _params: unknown, onItem: (item: Item) => void) => {
      this.#push = onItem;
      const ended = new Promise<void>((_, reject) => (this.#fail = reject));
      return {
        send: (message: Message) => this.#receive(message),
        close: () => void this.closed++,
        ended,
      };
    },
  } as unknown as Bridge;

  ready: Extract<Item, { kind: 'ready' }> = {
    kind: 'ready',
    title: 'model',
    spec: { model: 'lstm', vocabularySize: 10, rnnSize: 8, numLayers: 1, ...plainModel },
    epoch: 1,
    validationLoss: 1,
    symbols: 'characters',
    vocabulary: [...alphabet],
  };

  begin(): void {
    this.#text = [];
    this.#push(this.ready);
  }

  fail(error: Error): void {
    this.#fail(error);
  }

  push(item: Item): void {
    this.#push(item);
  }

  #receive(message: Message): void {
    this.messages.push(message);
    switch (message.kind) {
      case 'write':
        this.#prime = message.settings.primeText;
        this.#text = [];
        this.#push({
          kind: 'begun',
          primeText: this.#prime,
          unknown: [],
          stopUnknown: [],
          neverEndsLine: false,
        });
        return this.holdsBack ? undefined : this.#write(message.settings.length);
      case 'continue':
        return this.#write(message.length);
      case 'take': {
        const symbol = alphabet[message.index] ?? '';
        this.#text = [...this.#text.slice(0, message.position), symbol];
        this.#symbols(message.position, [symbol]);
        return this.#write(message.length);
      }
      case 'alternatives': {
        const likeliest = next(this.#prime + this.#text.slice(0, message.position).join(''));
        const choices = [...alphabet].map((text, index) => ({
          index,
          text,
          probability: text === likeliest ? 0.91 : 0.01,
        }));
        return this.#push({ kind: 'alternatives', position: message.position, choices });
      }
      case 'check':
        return this.#push({ kind: 'checked', text: message.text, unknown: [] });
      case 'adjust':
      case 'stop':
    }
  }

  #write(length: number): void {
    for (let i = 0; i < length; i++) {
      const symbol = next(this.#prime + this.#text.join(''));
      this.#text.push(symbol);
      this.#symbols(this.#text.length - 1, [symbol]);
    }
    this.#push({ kind: 'ended', reason: 'length' });
  }

  #symbols(position: number, texts: readonly string[]): void {
    this.#push({ kind: 'symbols', position, texts, probabilities: texts.map(() => 0.5) });
  }
}
