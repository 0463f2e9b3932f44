import { join } from 'node:path';
import { z } from 'zod';
import type { CharloomError } from '../../shared/errors.ts';
import { textSchema, type Text } from '../../shared/domain/text.ts';
import type { Fields } from '../../shared/versioned.ts';
import { JsonFile } from '../../node/files/json-file.ts';

const entryFields = {
  ...textSchema.shape,
  /** As found when the text was last read; only saves a trial from guessing. */
  vocabularySize: z.int().positive().nullable(),
};
export type TextEntry = Readonly<Fields<typeof entryFields>>;
/** Keys that only another version of Charloom knows are kept. */
const entrySchema: z.ZodType<TextEntry> = z.looseObject(entryFields);

const fileFields = { formatVersion: z.literal(1), texts: z.array(entrySchema).readonly() };
type ListContent = Readonly<Fields<typeof fileFields>>;
const fileSchema: z.ZodType<ListContent> = z.looseObject(fileFields);
type ListFile = JsonFile<ListContent>;

const maxTexts = 200;

/** A text that was removed from the list, and the entry that followed it. */
interface ForgottenText {
  readonly entry: TextEntry;
  readonly after: ReadonlySet<string>;
}

/** The list of texts in its file, most recently used first. Removed entries can be restored while the program runs. */
export class TextList {
  readonly #file: ListFile;
  readonly #forgotten = new Map<string, ForgottenText>();

  private constructor(file: ListFile) {
    this.#file = file;
  }

  static async open(home: string): Promise<TextList> {
    const path = join(home, 'texts.json');
    const initial: ListContent = { formatVersion: 1, texts: [] };
    return new TextList(
      await JsonFile.open({ path, schema: fileSchema, initial, action: 'keep the list of texts' }),
    );
  }

  /** Why the list can be neither read nor changed; undefined if it can. */
  get problem(): CharloomError | undefined {
    return this.#file.problem;
  }

  get entries(): readonly TextEntry[] {
    return this.#file.value.texts;
  }

  entry(id: string): TextEntry | undefined {
    return this.entries.find((entry) => entry.id === id);
  }

  /** Reads what another Charloom has added or removed. */
  async refresh(): Promise<void> {
    await this.#file.refresh();
  }

  /** Puts an entry in front, replacing its previous one. */
  async put(entry: TextEntry): Promise<void> {
    await this.#change((texts) => {
      const before = texts.find(({ id }) => id === entry.id);
      return [{ ...before, ...entry }, ...texts.filter((other) => other !== before)].slice(0, maxTexts);
    });
  }

  /** Changes an entry in place; does nothing if it is not in the list. */
  async change(id: string, changes: Partial<TextEntry>): Promise<void> {
    await this.#change((texts) => texts.map((entry) => (entry.id === id ? { ...entry, ...changes } : entry)));
  }

  /** Whether it was there. */
  async remove(id: string): Promise<boolean> {
    let isThere = false;
    await this.#change((texts) => {
      const place = texts.findIndex((entry) => entry.id === id);
      const entry = texts[place];
      if (entry === undefined) return texts;
      isThere = true;
      this.#forgotten.set(id, { entry, after: new Set(texts.slice(place + 1).map((other) => other.id)) });
      return texts.filter((other) => other !== entry);
    });
    return isThere;
  }

  /** Restores a removed entry at its position; undefined if it is unknown. It may have been imported again meanwhile. */
  async restore(id: string): Promise<TextEntry | undefined> {
    const forgotten = this.#forgotten.get(id);
    if (forgotten === undefined) return this.entry(id);
    await this.#change((texts) =>
      texts.some((entry) => entry.id === id) ? texts : putBack(texts, forgotten),
    );
    this.#forgotten.delete(id);
    return this.entry(id);
  }

  async #change(change: (texts: readonly TextEntry[]) => readonly TextEntry[]): Promise<void> {
    await this.#file.change((before) => {
      const texts = change(before.texts);
      return texts === before.texts ? before : { ...before, texts };
    });
  }
}

function putBack(texts: readonly TextEntry[], { entry, after }: ForgottenText): readonly TextEntry[] {
  const next = texts.findIndex(
    (other) => isOlder(other, entry) || (!isOlder(entry, other) && after.has(other.id)),
  );
  return texts.toSpliced(next < 0 ? texts.length : next, 0, entry);
}

function isOlder(a: Text, b: Text): boolean {
  return (a.lastUsed ?? '') < (b.lastUsed ?? '');
}
