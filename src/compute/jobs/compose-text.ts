import { createHash } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { betweenTexts } from '../../engine/documents/cleaning/join.ts';
import { cleanAndShow } from '../../engine/documents/cleaning/show-changes.ts';
import { countCharacters, decodeText } from '../../engine/documents/decode.ts';
import { withStorageErrors } from '../../node/files/storage-error.ts';
import type { Job, Report } from '../../shared/compute/messages.ts';
import type { ComposedText } from '../../shared/domain/documents.ts';
import type { StepFinding } from '../../shared/domain/step-finding.ts';
import type { RunningJob } from '../job.ts';

type ComposeJob = Extract<Job, { kind: 'compose-text' }>;

/** Cleans the texts of a job, joins them in their order, writes the result and ends. */
export function composeText(job: ComposeJob, post: (report: Report) => void): RunningJob {
  const work = async (): Promise<void> => {
    post({ kind: 'item', item: await compose(job) });
    post({ kind: 'done', end: null });
  };
  return { ended: work() };
}

async function compose({ parts, separator, output }: ComposeJob): Promise<ComposedText> {
  return withStorageErrors('keep the text', output, async () => {
    const file = await open(output, 'w');
    try {
      const hash = createHash('sha256');
      const done: ComposedText['parts'][number][] = [];
      let characters = 0;
      let bytes = 0;
      let before: string | null = null;
      const write = async (text: string): Promise<void> => {
        const encoded = new TextEncoder().encode(text);
        hash.update(encoded);
        characters += countCharacters(text);
        bytes += encoded.length;
        await file.appendFile(encoded);
      };
      for (const { path, encoding, steps } of parts) {
        const given = decodeText(await readFile(path), encoding).replace(/^\ufeff/, '');
        const { text, counts, found } = cleanAndShow(given, steps);
        if (text !== '' && before !== null) await write(betweenTexts(before, separator));
        done.push({
          characters: countCharacters(text),
          steps: counts,
          found: found.map((finding) => movedBy(characters, finding)),
        });
        if (text === '') continue;
        await write(text);
        before = text;
      }
      await file.sync();
      return { characters, bytes, sha256: hash.digest('hex'), parts: done };
    } finally {
      await file.close();
    }
  });
}

/** Converts places in a part to places in the whole text. */
function movedBy(offset: number, { examples, ...finding }: StepFinding): StepFinding {
  return { ...finding, examples: examples.map((example) => ({ ...example, at: example.at + offset })) };
}
