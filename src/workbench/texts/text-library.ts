import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { listSamples, sampleText } from '../../host/samples/sample-text.ts';
import { withStorageErrors } from '../../host/files/storage-error.ts';
import { CharloomError } from '../../shared/errors.ts';
import { textSchema, type Text } from '../../shared/ipc/schemas/text.ts';
import { JsonFile } from '../storage/json-file.ts';
import { receiveFile } from '../storage/receive.ts';

const entrySchema = textSchema.extend({
  /** What the last reading found; decides nothing but saves a trial from guessing. */
  vocabularySize: z.int().positive().nullable(),
});
type Entry = Readonly<z.infer<typeof entrySchema>>;

const fileSchema = z.strictObject({ formatVersion: z.literal(1), texts: z.array(entrySchema) });

const mostTexts = 200;
const samplePrefix = 'sample-';

/** The texts that a person has brought, newest first, and the bundled samples. Pages know them by id. */
export class TextLibrary {
  readonly #home: string;
  readonly #file: JsonFile<z.infer<typeof fileSchema>>;
  /** Paths of the bundled books: to make sure of one means to read it. */
  readonly #samples = new Map<string, Promise<string>>();

  private constructor(home: string, file: JsonFile<z.infer<typeof fileSchema>>) {
    this.#home = home;
    this.#file = file;
  }

  static async open(home: string): Promise<TextLibrary> {
    const initial = { formatVersion: 1 as const, texts: [] };
    const file = await JsonFile.open(join(home, 'texts.json'), fileSchema, initial, 'keep the list of texts');
    return new TextLibrary(home, file);
  }

  async list(): Promise<readonly Text[]> {
    const own = this.#file.value.texts.filter(({ source }) => source !== 'sample');
    return [...own.map(asText), ...(await Promise.all(listSamples().map(({ name }) => this.#sample(name))))];
  }

  /** @throws CharloomError('not-found') */
  async get(id: string): Promise<Text> {
    if (id.startsWith(samplePrefix)) return this.#sample(id.slice(samplePrefix.length));
    const entry = this.#entry(id);
    if (entry === undefined) {
      throw new CharloomError('not-found', 'This text is no longer in the list.', { fix: 'Bring it again.' });
    }
    return asText(entry);
  }

  /** The id of a text by where it is; null when nobody has brought it. */
  idOf(path: string): string | null {
    const sample = listSamples().find(
      ({ name }) => resolve(path) === join(this.#samplesFolder, `${name}.txt`),
    );
    if (sample !== undefined) return `${samplePrefix}${sample.name}`;
    return this.#file.value.texts.find((entry) => entry.path === resolve(path))?.id ?? null;
  }

  /** What a text is called, by where it is: a sample's title, else the file's name. */
  titleOf(path: string): string {
    const sample = listSamples().find(({ name }) => this.idOf(path) === `${samplePrefix}${name}`);
    return sample?.title ?? basename(path).slice(-255);
  }

  vocabularySize(id: string): number | null {
    return this.#entry(id)?.vocabularySize ?? null;
  }

  /** Remembers what a reading found. */
  async note(id: string, vocabularySize: number): Promise<void> {
    const text = await this.get(id);
    await this.#put({ ...text, lastUsed: new Date().toISOString(), vocabularySize });
  }

  /** @throws CharloomError 'not-found' or 'storage' */
  async add(path: string, source: 'file' | 'upload' = 'file'): Promise<Text> {
    const absolute = resolve(path);
    const status = await withStorageErrors('read the text', absolute, () => stat(absolute)).catch(
      (cause: unknown) => {
        throw new CharloomError('not-found', `There is no file at ${absolute}.`, { cause });
      },
    );
    if (!status.isFile()) throw new CharloomError('bad-text', `${absolute} is a folder, not a text.`);
    const text: Text = {
      id: idFor(absolute),
      title: basename(absolute).slice(-255),
      path: absolute,
      bytes: status.size,
      source,
      about: '',
      lastUsed: new Date().toISOString(),
    };
    await this.#put({ ...text, vocabularySize: this.vocabularySize(text.id) });
    return text;
  }

  async receive(name: string, content: AsyncIterable<Uint8Array>): Promise<Text> {
    return this.add(await receiveFile(join(this.#home, 'texts'), name, content), 'upload');
  }

  /** Takes a text off the list; the file stays. */
  async forget(id: string): Promise<void> {
    const texts = this.#file.value.texts.filter((entry) => entry.id !== id);
    await this.#file.set({ formatVersion: 1, texts });
  }

  async #sample(name: string): Promise<Text> {
    const sample = listSamples().find((book) => book.name === name);
    const path = await this.#samplePath(name);
    const id = `${samplePrefix}${name}`;
    return {
      id,
      title: sample?.title ?? name,
      path,
      bytes: (await stat(path)).size,
      source: 'sample',
      about: sample === undefined ? '' : `${sample.author}, ${sample.year}. ${sample.about}`,
      lastUsed: this.#entry(id)?.lastUsed ?? null,
    };
  }

  get #samplesFolder(): string {
    return join(resolve(this.#home), 'samples');
  }

  async #samplePath(name: string): Promise<string> {
    const made = this.#samples.get(name);
    if (made !== undefined && (await isFile(await made))) return made;
    const path = sampleText(name, this.#samplesFolder);
    this.#samples.set(name, path);
    path.catch(() => this.#samples.delete(name));
    return path;
  }

  #entry(id: string): Entry | undefined {
    return this.#file.value.texts.find((entry) => entry.id === id);
  }

  async #put(entry: Entry): Promise<void> {
    const others = this.#file.value.texts.filter(({ id }) => id !== entry.id);
    await this.#file.set({ formatVersion: 1, texts: [entry, ...others].slice(0, mostTexts) });
  }
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (status) => status.isFile(),
    () => false,
  );
}

/** The same file is the same text, however often it is brought. */
function idFor(path: string): string {
  return `text-${createHash('sha256').update(path).digest('hex').slice(0, 16)}`;
}

function asText({ vocabularySize, ...text }: Entry): Text {
  void vocabularySize;
  return text;
}
