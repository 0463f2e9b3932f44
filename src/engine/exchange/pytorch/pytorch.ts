import type { ExchangeFormat } from '../format.ts';
import { openPytorch } from './evaluate.ts';
import { pytorchExample } from './example.ts';
import { writePytorch } from './write.ts';

export const pytorch: ExchangeFormat = { write: writePytorch, example: pytorchExample, open: openPytorch };
