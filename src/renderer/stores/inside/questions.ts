import type { StreamItem, StreamMessage } from '../../../shared/ipc/contract.ts';
import type { Hold } from '../../../shared/domain/inspection.ts';

/** What an inspected model reports. */
export type Item<K extends StreamItem<'models.inspect'>['kind']> = Extract<
  StreamItem<'models.inspect'>,
  { kind: K }
>;
type Message = StreamMessage<'models.inspect'>;
/** What it can be asked. */
export type Question = Exclude<Message, { kind: 'stop' }>;
/** A question before it gets its number. */
export type Unnumbered<Q> = Q extends Question ? Omit<Q, 'request'> : never;
/** Questions that take long: one of each kind at a time, and each can be cancelled. */
export type LongQuestion = Extract<Message, { kind: 'stop' }>['question'];

/** A problem with one question; the others are still answered. */
export interface AskedProblem {
  readonly message: string;
  readonly fix: string | null;
}

/** The state of a question that takes long. */
export interface Work {
  readonly isRunning: boolean;
  /** 0..1 */
  readonly fraction: number;
  /** Milliseconds, estimated from the progress; null while unknown. */
  readonly left: number | null;
  readonly problem: AskedProblem | null;
}

/** A text with units held, beside the one of the untouched model. */
export interface TurnedTexts {
  readonly holds: readonly Hold[];
  readonly primeText: string;
  readonly untouched: string;
  readonly held: string;
  /** Null until both are complete. */
  readonly end: Item<'written'> | null;
}

/** The parts of answers to long questions, and which question each belongs to. */
export const questionOfPart = {
  found: 'search',
  searched: 'search',
  grown: 'growth',
  'growth-ended': 'growth',
  wrote: 'write',
  written: 'write',
  silenced: 'silence',
  reach: 'reach',
} as const satisfies Partial<Record<StreamItem<'models.inspect'>['kind'], LongQuestion>>;
export type Part = Item<keyof typeof questionOfPart>;

export const idleWork: Work = { isRunning: false, fraction: 0, left: null, problem: null };
export const longQuestions: readonly LongQuestion[] = ['search', 'growth', 'write', 'silence', 'reach'];
