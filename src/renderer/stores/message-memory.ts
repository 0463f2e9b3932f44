import { z } from 'zod';
import { newsLevelSchema } from '../../shared/domain/run-end.ts';
import { deedSchema, type Message } from './message.ts';

const messageSchema = z.strictObject({
  id: z.int().nonnegative(),
  level: newsLevelSchema,
  message: z.string(),
  fix: z.string().nullable(),
  action: z.strictObject({ label: z.string(), deed: deedSchema }).nullable(),
  topic: z.string().nullable(),
  time: z.number(),
  repeats: z.int().positive(),
});

const rememberedSchema = z.strictObject({
  /** Newest first. */
  log: z.array(messageSchema).readonly(),
  /** Those of them that are shown now, oldest first. */
  shown: z.array(z.int().nonnegative()).readonly(),
  unread: z.int().nonnegative(),
});

export interface RememberedMessages {
  readonly log: readonly Message[];
  readonly list: readonly Message[];
  readonly unread: number;
}

const key = 'charloom-messages';

/** Keeps messages across a reload of their page, and no longer than its window. What cannot be kept or read is forgotten. */
export class MessageMemory {
  readonly #storage: Pick<Storage, 'getItem' | 'setItem'>;

  constructor(storage: Pick<Storage, 'getItem' | 'setItem'>) {
    this.#storage = storage;
  }

  recall(): RememberedMessages {
    try {
      const { log, shown, unread } = rememberedSchema.parse(JSON.parse(this.#storage.getItem(key) ?? ''));
      const list = shown.flatMap((id) => log.filter((entry) => entry.id === id));
      return { log, list, unread: Math.min(unread, log.length) };
    } catch {
      return { log: [], list: [], unread: 0 };
    }
  }

  keep({ log, list, unread }: RememberedMessages): void {
    const remembered: z.input<typeof rememberedSchema> = {
      log: log.map((entry) => ({ ...entry, action: keptAction(entry.action) })),
      shown: list.map(({ id }) => id),
      unread,
    };
    try {
      this.#storage.setItem(key, JSON.stringify(remembered));
    } catch {
      // If storage is full or forbidden, a reload loses the messages.
    }
  }
}

/** An action that is a function belongs to the page that made it. */
function keptAction(action: Message['action']): z.input<typeof messageSchema>['action'] {
  return action?.deed === undefined ? null : { label: action.label, deed: action.deed };
}
