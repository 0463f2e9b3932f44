import type { ExchangeFormat } from '../format.ts';
import { openMl5 } from './evaluate.ts';
import { ml5Example } from './example.ts';
import { writeMl5 } from './write.ts';

export const ml5: ExchangeFormat = { write: writeMl5, example: ml5Example, open: openMl5 };
