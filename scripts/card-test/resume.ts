import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { charloom, complaintOf } from './program.ts';

/** A model whose runs are compared: arguments of `charloom train`. */
export interface ResumeCase {
  readonly name: string;
  readonly words: readonly string[];
}

export const resumeCases: readonly ResumeCase[] = [
  { name: 'LSTM', words: ['--recipe', 'char-rnn'] },
  { name: 'GRU', words: ['--recipe', 'char-rnn', '--model', 'gru'] },
  { name: 'RNN', words: ['--recipe', 'char-rnn', '--model', 'rnn'] },
  { name: 'LSTM with dropout', words: ['--recipe', 'char-rnn', '--dropout', '0.3'] },
  { name: 'the modern recipe', words: [] },
];

/** Where runs are saved, and what they are trained on. */
export interface ResumeTask {
  readonly text: string;
  readonly folder: string;
  readonly backend: string;
  /** Iterations of the uninterrupted run; the other is stopped by Ctrl-C before its end. */
  readonly iterations: number;
  /** Arguments for every run, a size for instance. */
  readonly words: readonly string[];
}

const stepLine = z.object({
  event: z.literal('step'),
  i: z.number(),
  loss: z.number().nullable(),
  gradient_norm: z.number().nullable(),
  parameter_norm: z.number().nullable(),
});

/** Trains a run in one go, and one that is stopped by Ctrl-C and resumed. Returns a sentence that says whether every number and every byte agree. */
export async function compareResume({ name, words }: ResumeCase, task: ResumeTask): Promise<string> {
  const { text, folder, backend, iterations } = task;
  const id = name.toLowerCase().replace(/\W+/g, '-');
  const end = ['--max-iterations', String(iterations)];
  const out = ['--out', folder, '--backend', backend, '--json'];
  const train = ['train', text, ...out, ...words, ...task.words, ...end, '--eval-every', String(iterations)];
  const whole = await charloom([...train, '--name', `${id}-whole`]);
  if (whole.code !== 0) return `${name}: ${complaintOf(whole)}`;
  const stop = `"i":${iterations >> 2},`;
  const stopped = await charloom([...train, '--name', `${id}-parts`], { interruptAt: stop });
  const parts = join(folder, `${id}-parts`);
  const resumed = await charloom(['train', '--resume', parts, '--backend', backend, '--json', ...end]);
  if (resumed.code !== 0) return `${name}: ${complaintOf(resumed)}`;
  const reached = Math.max(0, ...stepsOf(stopped.stdout).map(({ i }) => i));
  return `${name}, stopped after ${reached} of ${iterations}: ${difference(join(folder, `${id}-whole`), parts)}`;
}

function difference(whole: string, parts: string): string {
  const [one, other] = [whole, parts].map((run) => stepsOf(readFileSync(join(run, 'metrics.jsonl'), 'utf8')));
  const apart = (one ?? []).filter((step, index) => JSON.stringify(step) !== JSON.stringify(other?.[index]));
  const [first, second] = [lastCheckpoint(whole), lastCheckpoint(parts)];
  const bytes = first === undefined || second === undefined ? 'no checkpoint' : sameTensors(first, second);
  return `${one?.length ?? 0} steps, ${apart.length} differ${apart[0] === undefined ? '' : ` (first ${apart[0].i})`}; ${bytes}`;
}

function stepsOf(lines: string): z.infer<typeof stepLine>[] {
  return lines.split('\n').flatMap((line) => {
    if (!line.includes('"step"')) return [];
    const { success, data } = stepLine.safeParse(JSON.parse(line));
    return success ? [data] : [];
  });
}

function lastCheckpoint(run: string): Buffer | undefined {
  const folder = join(run, 'checkpoints');
  if (!existsSync(folder)) return undefined;
  const name = readdirSync(folder)
    .filter((file) => file.endsWith('.safetensors'))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .at(-1);
  return name === undefined ? undefined : readFileSync(join(folder, name));
}

/** Compares what follows the headers, which contain the runs' names. */
function sameTensors(a: Buffer, b: Buffer): string {
  const tensors = (file: Buffer): Buffer => file.subarray(8 + Number(file.readBigUInt64LE(0)));
  return tensors(a).equals(tensors(b)) ? 'last checkpoint equal to the byte' : 'LAST CHECKPOINT DIFFERS';
}
