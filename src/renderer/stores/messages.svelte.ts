import { CharloomError } from '../../shared/errors.ts';
import type { Deed, Message } from './message.ts';
import type { MessageMemory } from './message-memory.ts';

type Report = Pick<Message, 'level' | 'message' | 'fix' | 'topic'>;

/** Why no message leaves for now: the pointer or the focus is on one, or the window is hidden. */
export type HoldReason = 'pointer' | 'focus' | 'hidden';

/** Milliseconds that a message without an action stays, in addition to the time it takes to read it. */
const stayMs = 6000;
const readingMsPerCharacter = 60;
/** A message with an action needs a decision. */
const decisionFactor = 2;
const maxLogged = 100;

interface MessagesOptions {
  /** Keeps the messages across a reload. */
  readonly memory?: MessageMemory;
  readonly perform?: (deed: Deed) => Promise<void>;
}

/**
 * What the application reports. A message leaves automatically after a while; a problem stays until it is closed or resolved. All of them stay in
 * `log`, which can be opened as a list.
 */
export class Messages {
  /** Shown now, oldest first. */
  list = $state.raw<readonly Message[]>([]);
  /** Everything reported since the window was opened, newest first. */
  log = $state.raw<readonly Message[]>([]);
  /** Number of messages since the list was last looked at. */
  unread = $state(0);
  readonly #memory: MessageMemory | undefined;
  readonly #perform: (deed: Deed) => Promise<void>;
  #nextId = 0;
  #timers: Readonly<Record<number, ReturnType<typeof setTimeout>>> = {};
  #holds: readonly HoldReason[] = [];

  constructor({ memory, perform = () => Promise.resolve() }: MessagesOptions = {}) {
    this.#memory = memory;
    this.#perform = perform;
    if (memory === undefined) return;
    const { log, list, unread } = memory.recall();
    this.log = log;
    this.list = list;
    this.unread = unread;
    this.#nextId = Math.max(-1, ...log.map(({ id }) => id)) + 1;
    for (const entry of list) this.#startTimer(entry);
  }

  add(
    level: Message['level'],
    message: string,
    options: Partial<Pick<Message, 'fix' | 'action' | 'topic'>> & {
      /** False: the page says it already, and only the list keeps it. */
      readonly isShown?: boolean;
    } = {},
  ): void {
    const { fix = null, action = null, topic = null, isShown = true } = options;
    const last = this.list.at(-1);
    const same = last !== undefined && isSame(last, { level, message, fix, topic }) ? last : undefined;
    if (same !== undefined) this.forget(same.id);
    const repeats = (same?.repeats ?? 0) + 1;
    const id = this.#nextId++;
    const entry: Message = { id, level, message, fix, action, topic, time: Date.now(), repeats };
    this.log = [entry, ...this.log].slice(0, maxLogged);
    if (isShown) {
      this.list = [...this.list, entry];
      this.unread = Math.min(this.unread + 1, this.log.length);
      this.#startTimer(entry);
    }
    this.#keep();
  }

  /** Takes a message away; the list still has it. */
  close(id: number): void {
    this.#stopTimer(id);
    this.list = this.list.filter((entry) => entry.id !== id);
    this.#keep();
  }

  /** Takes a message away and out of the list: what it said no longer holds. */
  forget(id: number): void {
    this.close(id);
    this.log = this.log.filter((entry) => entry.id !== id);
    this.unread = Math.min(this.unread, this.log.length);
    this.#keep();
  }

  /** Runs the action of a message once: an undo cannot be undone twice. */
  async act(id: number): Promise<void> {
    const action = this.log.find((entry) => entry.id === id)?.action;
    this.close(id);
    this.log = this.log.map((entry) => (entry.id === id ? { ...entry, action: null } : entry));
    this.#keep();
    if (!action) return;
    const { run, deed } = action;
    await this.attempt(async () => (run === undefined ? this.#perform(deed) : run()));
  }

  /** What messages of this topic said no longer holds. */
  resolve(topic: string): void {
    for (const { id } of this.list.filter((entry) => entry.topic === topic)) this.close(id);
  }

  /** The list was looked at. */
  read(): void {
    this.unread = 0;
    this.#keep();
  }

  clear(): void {
    for (const { id } of this.list) this.close(id);
    this.log = [];
    this.unread = 0;
    this.#keep();
  }

  /** No message leaves until every hold is released; then each has its full time again. */
  hold(reason: HoldReason, isHeld: boolean): void {
    if (isHeld === this.#holds.includes(reason)) return;
    this.#holds = isHeld ? [...this.#holds, reason] : this.#holds.filter((each) => each !== reason);
    for (const entry of this.list) this.#startTimer(entry);
  }

  /** Shows what went wrong. Something that was cancelled on purpose did not go wrong. */
  error(error: unknown, topic: string | null = null): void {
    if (error instanceof CharloomError) {
      if (error.code !== 'cancelled') this.add('bad', error.message, { fix: error.fix ?? null, topic });
      return;
    }
    this.add('bad', error instanceof Error ? error.message : String(error), { topic });
  }

  /**
   * Runs an action of the user. If it fails, shows the error and returns undefined.
   * @param topic problems of this topic are removed when it succeeds
   */
  async attempt<T>(work: () => Promise<T>, topic: string | null = null): Promise<T | undefined> {
    try {
      const result = await work();
      if (topic !== null) this.resolve(topic);
      return result;
    } catch (error) {
      this.error(error, topic);
      return undefined;
    }
  }

  #keep(): void {
    this.#memory?.keep({ log: this.log, list: this.list, unread: this.unread });
  }

  #startTimer({ id, level, message, fix, action }: Message): void {
    this.#stopTimer(id);
    if (level === 'bad' || this.#holds.length > 0) return;
    const characters = message.length + (fix?.length ?? 0);
    const duration = stayMs + readingMsPerCharacter * characters;
    const timer = setTimeout(() => this.close(id), action === null ? duration : decisionFactor * duration);
    this.#timers = { ...this.#timers, [id]: timer };
  }

  #stopTimer(id: number): void {
    const { [id]: timer, ...others } = this.#timers;
    clearTimeout(timer);
    this.#timers = others;
  }
}

function isSame(a: Report, b: Report): boolean {
  return a.level === b.level && a.message === b.message && a.fix === b.fix && a.topic === b.topic;
}
