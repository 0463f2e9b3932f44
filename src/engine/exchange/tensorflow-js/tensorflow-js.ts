import type { ExchangeFormat } from '../format.ts';
import { openTensorflowJs } from './evaluate.ts';
import { tensorflowJsExample } from './example.ts';
import { writeTensorflowJs } from './write.ts';

export const tensorflowJs: ExchangeFormat = {
  write: writeTensorflowJs,
  example: tensorflowJsExample,
  open: openTensorflowJs,
};
