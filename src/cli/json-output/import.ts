import { z } from 'zod';
import { cellKinds } from '../../shared/domain/cells.ts';
import { count, loss } from './common.ts';

export const importResult = z.object({
  model: z.enum(cellKinds),
  rnn_size: count,
  num_layers: count,
  symbols: z.enum(['characters', 'bytes']),
  vocabulary_size: count,
  /** Null if the file does not contain it. */
  validation_loss: loss,
  checkpoint: z.string(),
  /** The run folder that was made for it. */
  run: z.string(),
  /** What made the model: char-rnn, torch-rnn, ml5, safetensors, charloom. */
  program: z.string(),
  /** Number of losses recorded in the file, which the run's charts show. */
  recorded_losses: count,
});
export type ImportResult = z.infer<typeof importResult>;
