import { z } from 'zod';
import type { Sample } from '../../shared/domain/run.ts';
import { appendWhole } from './append-whole.ts';
import { readSmallText } from './plain-file.ts';
import { storageError, systemCode, withStorageErrors } from './storage-error.ts';

/** One line of `samples.jsonl`: what the model wrote at a checkpoint. The opening words and the seed stay the same, so that the samples show how it learns. */
const lineSchema = z.object({
  i: z.int().nonnegative(),
  epoch: z.number(),
  val_loss: z.number().nullable(),
  temperature: z.number(),
  seed: z.int().nonnegative(),
  prime_text: z.string(),
  text: z.string(),
});

/** Appends a whole line, or nothing. */
export async function appendSample(path: string, sample: Sample): Promise<void> {
  const line = `${encode(sample)}\n`;
  await withStorageErrors('keep the sample', path, () => appendWhole(path, line), Buffer.byteLength(line));
}

/** Enough for a sample at every checkpoint of a very long run; anything longer is not a log of samples. */
const maxBytes = 1 << 28;

/** The samples of a run in order, each iteration once: a run that reached an iteration again wrote the same. Torn lines are skipped. */
export async function readSamples(path: string): Promise<readonly Sample[]> {
  let content: string;
  try {
    content = await readSmallText(path, maxBytes);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw storageError(error, 'read the samples', path);
  }
  const samples = new Map<number, Sample>();
  for (const line of content.split('\n')) {
    const sample = decode(line);
    if (sample !== undefined) samples.set(sample.iteration, sample);
  }
  return [...samples.values()].toSorted((a, b) => a.iteration - b.iteration);
}

function encode(sample: Sample): string {
  const line: z.infer<typeof lineSchema> = {
    i: sample.iteration,
    epoch: sample.epoch,
    val_loss: sample.validationLoss,
    temperature: sample.temperature,
    seed: sample.seed,
    prime_text: sample.primeText,
    text: sample.text,
  };
  return JSON.stringify(line);
}

function decode(line: string): Sample | undefined {
  if (line === '') return undefined;
  try {
    const { i: iteration, val_loss, prime_text, ...rest } = lineSchema.parse(JSON.parse(line));
    return { iteration, validationLoss: val_loss, primeText: prime_text, ...rest };
  } catch {
    return undefined;
  }
}
