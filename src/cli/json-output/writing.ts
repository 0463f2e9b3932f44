import { z } from 'zod';
import { count, loss, replacement } from './common.ts';

export const sampleResult = z.object({
  checkpoint: z.string(),
  /** The opening words after replacement of unknown characters. */
  prime_text: z.string(),
  /** What the model wrote after them. */
  text: z.string(),
  /** The same as the bytes that a model of bytes wrote, in Base64; null for a model of characters. */
  bytes: z.string().nullable(),
  /** Symbols written: characters, or bytes for a model of bytes. */
  symbols: count,
  /** True if the stop text or a line end ended it. */
  stopped: z.boolean(),
  end: z.enum(['length', 'stop-text', 'line-end', 'record-end']),
  seed: count,
  temperature: z.number(),
  greedy: z.boolean(),
  top_k: count,
  top_p: z.number(),
  min_p: z.number(),
  repetition_guard: count,
  repetition_factor: z.number(),
  greedy_in_words: z.boolean(),
  replaced: z.array(replacement),
  /** With `--from-colophon`: whether it is exactly the text of the booklet. */
  same: z.boolean().optional(),
  /** With `--from-colophon`: what has changed since the text was written (checkpoint, version, arithmetic). */
  remarks: z.array(z.string()).optional(),
});
export type SampleResult = z.infer<typeof sampleResult>;

/** With `--count` of 2 or more: every text, in the order of the seeds. */
export const sampleResults = z.array(sampleResult).min(2);

export const evalResult = z.object({
  checkpoint: z.string(),
  file: z.string(),
  split: z.enum(['train', 'val', 'test', 'all']),
  /** Nats per character. */
  loss,
  /** Half the width of the 95 % interval around it; null if the text has too few chunks. */
  loss_margin: loss,
  bits_per_char: loss,
  perplexity: loss,
  /** Number of characters averaged. */
  characters: count,
  chunks: count,
  /** Share of the text's symbols that the model does not know and that have no replacement, 0..1. */
  left_out: z.number().min(0).max(1),
  replaced: z.array(replacement),
});
export type EvalResult = z.infer<typeof evalResult>;

export const copiesResult = z.object({
  checkpoint: z.string(),
  /** The written text that was checked; - for standard input. */
  file: z.string(),
  /** The text that the model learned from. */
  text: z.string(),
  /** Minimum symbols of a passage that counts. */
  shortest_passage: count,
  /** Share of the written text in such passages, 0..1. */
  share: z.number().min(0).max(1),
  /** Symbols of the longest passage, 0 for none. */
  longest: count,
  /** The same for the author's held-out text; null if there is none. */
  author_share: z.number().min(0).max(1).nullable(),
  author_longest: count.nullable(),
  /** The longest first, at most 50. */
  passages: z.array(
    z.object({
      symbols: count,
      /** First symbol in the text learned, from 0. */
      position: count,
      line: count,
      words: z.string(),
    }),
  ),
});
export type CopiesResult = z.infer<typeof copiesResult>;
