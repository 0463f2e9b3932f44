import { join } from 'node:path';
import { z } from 'zod';
import { SerialQueue } from '../../shared/serial-queue.ts';
import { JsonFile } from '../../node/files/json-file.ts';

const notesSchema = z.strictObject({
  formatVersion: z.literal(1),
  /** What a person calls the run; null while it is called what it was started as. */
  name: z.string().max(80).nullable(),
  note: z.string().max(5000),
  checkpoints: z.record(z.string(), z.strictObject({ star: z.boolean(), note: z.string().max(5000) })),
});
export type RunNotes = Readonly<z.infer<typeof notesSchema>>;

export const noNotes: RunNotes = { formatVersion: 1, name: null, note: '', checkpoints: {} };

/** What a person wrote about a run: a file beside `run.json`, which training never touches. */
async function openNotes(runFolder: string): Promise<JsonFile<RunNotes>> {
  const path = join(runFolder, 'notes.json');
  return JsonFile.open({ path, schema: notesSchema, initial: noNotes, action: 'keep the note' });
}

export async function readNotes(runFolder: string): Promise<RunNotes> {
  return (await openNotes(runFolder)).value;
}

/** Changes notes one after another: two changes at once would take one of them away. */
export class NotesStore {
  readonly #changes = new SerialQueue();

  async change(runFolder: string, change: (before: RunNotes) => RunNotes): Promise<void> {
    await this.#changes.run(async () => {
      const notes = await openNotes(runFolder);
      await notes.change(change);
    });
  }
}
