import { join } from 'node:path';
import { z } from 'zod';
import type { CharloomError } from '../../shared/errors.ts';
import { textSchema, type Text } from '../../shared/domain/text.ts';
import type { Fields } from '../../shared/versioned.ts';
import { JsonFile } from '../../node/files/json-file.ts';

const entryFields = {
  ...textSchema.shape,
  /** What the last reading found; decides nothing but saves a trial from guessing. */
  vocabularySize: z.int().positive().nullable(),
};
export type TextEntry = Readonly<Fields<typeof entryFields>>;
/** Keys that only another version of Charloom knows stay. */
const entrySchema: z.ZodType<TextEntry> = z.looseObject(entryFields);

const fileFields = { formatVersion: z.literal(1), texts: z.array(entrySchema).readonly() };
type ListContent = Readonly<Fields<typeof fileFields>>;
const fileSchema: z.ZodType<ListContent> = z.looseObject(fileFields);
type ListFile = JsonFile<ListContent>;

const maxTexts = 200;

/** A text that was taken off the list, and what stood behind it. */
interface ForgottenText {
  readonly entry: TextEntry;
  readonly after: ReadonlySet<string>;
}

/** The list of texts in its file, what was used last first. What is taken off can be put back while the program runs. */
export class TextList {
  readonly #file: ListFile;
  readonly #forgotten = new Map<string, ForgottenText>();

  private constructor(file: ListFile) {
    this.#file = file;
  }

  static async open(home: string): Promise<TextList> {
    const initial: ListContent = { formatVersion: 1, texts: [] };
    return new TextList(
      await JsonFile.open(join(home, 'texts.json'), fileSchema, initial, 'keep the list of texts'),
    );
  }

  /** Why the list cannot be read and takes nothing; undefined when it can. */
  get problem(): CharloomError | undefined {
    return this.#file.problem;
  }

  get entries(): readonly TextEntry[] {
    return this.#file.value.texts;
  }

  entry(id: string): TextEntry | undefined {
    return this.entries.find((entry) => entry.id === id);
  }

  /** Puts an entry in front, in the place of the one it had. */
  async put(entry: TextEntry): Promise<void> {
    const others = this.entries.filter(({ id }) => id !== entry.id);
    await this.#write([{ ...this.entry(entry.id), ...entry }, ...others].slice(0, maxTexts));
  }

  /** Whether it was there. */
  async remove(id: string): Promise<boolean> {
    const place = this.entries.findIndex((entry) => entry.id === id);
    const entry = this.entries[place];
    if (entry === undefined) return false;
    const after = new Set(this.entries.slice(place + 1).map((other) => other.id));
    this.#forgotten.set(id, { entry, after });
    await this.#write(this.entries.filter((other) => other !== entry));
    return true;
  }

  /** Puts back what was removed, where it was; undefined when nobody knows of it. Somebody may have brought it again meanwhile. */
  async restore(id: string): Promise<TextEntry | undefined> {
    const forgotten = this.#forgotten.get(id);
    const present = this.entry(id);
    if (forgotten === undefined || present !== undefined) return present;
    const { entry, after } = forgotten;
    const next = this.entries.findIndex(
      (other) => isOlder(other, entry) || (!isOlder(entry, other) && after.has(other.id)),
    );
    await this.#write(this.entries.toSpliced(next < 0 ? this.entries.length : next, 0, entry));
    this.#forgotten.delete(id);
    return entry;
  }

  async #write(texts: readonly TextEntry[]): Promise<void> {
    await this.#file.set({ ...this.#file.value, texts });
  }
}

function isOlder(a: Text, b: Text): boolean {
  return (a.lastUsed ?? '') < (b.lastUsed ?? '');
}
