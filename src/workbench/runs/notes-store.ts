import { join } from 'node:path';
import { z } from 'zod';
import type { Fields } from '../../shared/versioned.ts';
import { SerialQueue } from '../../shared/serial-queue.ts';
import { JsonFile } from '../../node/files/json-file.ts';

const markFields = { star: z.boolean(), note: z.string().max(5000) };
const markSchema: z.ZodType<Fields<typeof markFields>> = z.looseObject(markFields);

const notesFields = {
  formatVersion: z.literal(1),
  /** The user's name for the run; null while it has its original name. */
  name: z.string().max(80).nullable(),
  note: z.string().max(5000),
  /** Missing in files written before there were tags. */
  tags: z.array(z.string().max(40)).max(1000).readonly().default([]),
  checkpoints: z.record(z.string(), markSchema),
};
export type RunNotes = Readonly<Fields<typeof notesFields>>;
/** Keys that only another version of Charloom knows are kept. */
const notesSchema: z.ZodType<RunNotes> = z.looseObject(notesFields);

export const noNotes: RunNotes = { formatVersion: 1, name: null, note: '', tags: [], checkpoints: {} };

/** The user's notes on a run: a file next to `run.json` that training never touches. */
async function openNotes(runFolder: string): Promise<JsonFile<RunNotes>> {
  const path = join(runFolder, 'notes.json');
  return JsonFile.open({ path, schema: notesSchema, initial: noNotes, action: 'keep the note' });
}

export async function readNotes(runFolder: string): Promise<RunNotes> {
  return (await openNotes(runFolder)).value;
}

/** Changes notes one after another: one of two simultaneous changes would be lost. */
export class NotesStore {
  readonly #changes = new SerialQueue();

  async change(runFolder: string, change: (before: RunNotes) => RunNotes): Promise<void> {
    await this.#changes.run(async () => {
      const notes = await openNotes(runFolder);
      await notes.change(change);
    });
  }
}
