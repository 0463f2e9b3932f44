import type { Failure } from '../../../shared/domain/common.ts';
import { CharloomError } from '../../../shared/errors.ts';
import { errorOf } from '../../../shared/ipc/failures.ts';
import { answerSchema, type Answer, type Channel, type Question } from './messages.ts';
import type { TensorPortion } from './tensor-portions.ts';

/** A question without its number. */
type Asked = Question extends infer Each
  ? Each extends { readonly id: number }
    ? Omit<Each, 'id'>
    : never
  : never;
/** The answer to each question. */
type Answered<Kind extends Answer['kind']> = Extract<Answer, { readonly kind: Kind }>;

interface Pending {
  readonly answer: (answer: Answer) => void;
  readonly fail: (error: unknown) => void;
  readonly onPortion: ((portion: TensorPortion) => void) | undefined;
}

/** The training loop's end of a channel: sends questions and receives their answers. */
export class Questions {
  readonly #channel: Channel;
  readonly #pending = new Map<number, Pending>();
  #next = 0;
  /** Why the channel has ended; undefined while it is open. */
  #ended: Error | undefined;

  /** @param lost the error sentence if the channel closes unexpectedly */
  constructor(channel: Channel, lost: string) {
    this.#channel = channel;
    channel.onValue((value) => this.#hear(value));
    channel.onClose(() => this.#end(new CharloomError('backend-unavailable', lost)));
  }

  /** Sends a question; everything in it has been copied when this returns. */
  ask<Kind extends Answer['kind']>(
    question: Asked,
    kind: Kind,
    onPortion?: (portion: TensorPortion) => void,
  ): Promise<Answered<Kind>> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const id = this.#next++;
    const { promise, resolve, reject } = Promise.withResolvers<Answered<Kind>>();
    const answer = (given: Answer): void => {
      if (given.kind === kind) resolve(given as Answered<Kind>);
      else this.#distrust(new Error(`${question.kind} was answered by ${given.kind}`));
    };
    this.#pending.set(id, { answer, fail: reject, onPortion });
    this.#channel.post({ ...question, id } satisfies Question);
    return promise;
  }

  /** Sends a message without an answer. */
  tell(question: Exclude<Question, { readonly id: number }>): void {
    if (this.#ended === undefined) this.#channel.post(question);
  }

  /** Rejects all pending and later questions, and closes the channel. */
  close(): void {
    this.#end(new CharloomError('cancelled', 'The backend was closed.'));
    this.#channel.close();
  }

  #hear(value: unknown): void {
    if (this.#ended !== undefined) return;
    try {
      this.#take(answerSchema.parse(value));
    } catch (error) {
      this.#distrust(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #take(answer: Answer): void {
    const pending = this.#pending.get(answer.id);
    if (pending === undefined) throw new Error(`${answer.kind} answers nothing that was asked`);
    if (answer.kind === 'portion') {
      if (pending.onPortion === undefined) throw new Error('tensors were not requested');
      return pending.onPortion(answer);
    }
    if (answer.kind === 'failed') pending.fail(errorOf(answer.failure satisfies Failure));
    else pending.answer(answer);
    this.#pending.delete(answer.id);
  }

  /** Ends the connection: a peer that sends a malformed message is not trusted again. */
  #distrust(error: Error): void {
    this.#end(error);
    this.#channel.close();
  }

  #end(error: Error): void {
    this.#ended ??= error;
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { fail } of pending) fail(this.#ended);
  }
}
