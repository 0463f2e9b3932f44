import { appendFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Sample } from '../../shared/domain/run.ts';
import { readSmallText } from './plain-file.ts';
import { storageError, systemCode, withStorageErrors } from './storage-error.ts';

/** One line of `samples.jsonl`: what the model wrote at a checkpoint. The prompt and the seed stay the same, so that one can watch it learn. */
export const sampleRecordSchema = z.object({
  i: z.int().nonnegative(),
  epoch: z.number(),
  val_loss: z.number().nullable(),
  temperature: z.number(),
  seed: z.int().nonnegative(),
  prime_text: z.string(),
  text: z.string(),
});
export type SampleRecord = Readonly<z.infer<typeof sampleRecordSchema>>;

/** Adds a line. */
export async function appendSample(path: string, sample: SampleRecord): Promise<void> {
  await withStorageErrors('keep the sample', path, () => appendFile(path, `${JSON.stringify(sample)}\n`));
}

/** A sample at every checkpoint of a very long run; what is beyond is no log of samples. */
const maxBytes = 1 << 28;

/** The samples of a run in order, each iteration once: a run that came past a moment again wrote the same. Torn lines are passed over. */
export async function readSamples(path: string): Promise<readonly SampleRecord[]> {
  let content: string;
  try {
    content = await readSmallText(path, maxBytes);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw storageError(error, 'read the samples', path);
  }
  const samples = new Map<number, SampleRecord>();
  for (const line of content.split('\n')) {
    const sample = decode(line);
    if (sample !== undefined) samples.set(sample.i, sample);
  }
  return [...samples.values()].toSorted((a, b) => a.i - b.i);
}

function decode(line: string): SampleRecord | undefined {
  if (line === '') return undefined;
  try {
    return sampleRecordSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** A line of samples.jsonl as pages show it. */
export function viewSample(sample: SampleRecord): Sample {
  return {
    iteration: sample.i,
    epoch: sample.epoch,
    validationLoss: sample.val_loss,
    temperature: sample.temperature,
    seed: sample.seed,
    primeText: sample.prime_text,
    text: sample.text,
  };
}
