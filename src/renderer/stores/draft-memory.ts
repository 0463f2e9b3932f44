import { z } from 'zod';
import { knownRunSettings, storedRunSettingsSchema } from '../../shared/domain/run-settings.ts';

const rememberedSchema = z.strictObject({
  text: z.string(),
  encoding: z.string().nullable(),
  settings: storedRunSettingsSchema.transform(knownRunSettings),
});
export type RememberedDraft = Readonly<z.infer<typeof rememberedSchema>>;

const key = 'charloom-draft';

/** A storage that keeps nothing. */
export const nowhere: Pick<Storage, 'getItem' | 'setItem'> = {
  getItem: () => null,
  setItem: () => undefined,
};

/** Keeps a draft across a reload of its page, and no longer than its window. What cannot be kept or read is forgotten. */
export class DraftMemory {
  readonly #storage: Pick<Storage, 'getItem' | 'setItem'>;

  constructor(storage: Pick<Storage, 'getItem' | 'setItem'>) {
    this.#storage = storage;
  }

  recall(): RememberedDraft | null {
    try {
      return rememberedSchema.safeParse(JSON.parse(this.#storage.getItem(key) ?? 'null')).data ?? null;
    } catch {
      return null;
    }
  }

  keep(draft: RememberedDraft): void {
    try {
      this.#storage.setItem(key, JSON.stringify(draft));
    } catch {
      // If storage is full or forbidden, a reload costs some clicks.
    }
  }
}
