import { z } from 'zod';
import { verdicts } from '../../shared/domain/inspected-properties.ts';
import { count, loss } from './common.ts';

const unit = z.object({
  /** LAYER.UNIT, both from 1, as in --hold. */
  unit: z.string(),
  /** h: the output. c: the memory. */
  kind: z.enum(['h', 'c']),
});

export const insideResult = z.object({
  checkpoint: z.string(),
  /** The text that was read. */
  text: z.string(),
  /** Symbols that were read. */
  symbols: count,
  properties: z.array(
    z.object({
      name: z.string(),
      /** LAYER.UNIT of the unit that follows it best; null where the property is too rare. */
      unit: z.string().nullable(),
      kind: z.enum(['h', 'c']).nullable(),
      /** auc: from 0 to 1, 0.5 is chance. correlation: of ranks, from -1 to 1. */
      measure: z.enum(['auc', 'correlation']),
      /** False: less active where it holds, or the larger the number. */
      positive: z.boolean(),
      score: z.number().nullable(),
      /** Highest score of any unit with the labels rotated. */
      chance: z.number().nullable(),
      /** What a table of the last 1, 3 and 6 symbols scores. */
      last_1: z.number().nullable(),
      last_3: z.number().nullable(),
      last_6: z.number().nullable(),
      verdict: z.enum(verdicts),
      sentence: z.string(),
    }),
  ),
  /** The loss from only the last symbols, in nats; `characters` is null for the whole context. */
  reach: z.array(z.object({ characters: count.nullable(), loss })),
  /** With --hold: the held units, the texts, and the change in loss. */
  held: z
    .object({
      units: z.array(unit.extend({ value: z.number() })),
      untouched: z.string(),
      text: z.string(),
      /** Per 1,000 symbols. */
      counted: z.array(z.object({ name: z.string(), untouched: z.number(), held: z.number() })),
      loss_untouched: loss,
      loss_held: loss,
      /** By the symbol that comes next, largest rise in loss first. */
      losses: z.array(z.object({ symbol: z.string(), count, untouched: loss, held: loss })),
    })
    .nullable(),
  /** With --states: the files that were written. */
  states: z.array(z.string()),
});
export type InsideResult = z.infer<typeof insideResult>;
