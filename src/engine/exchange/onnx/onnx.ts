import type { ExchangeFormat } from '../format.ts';
import { openOnnx } from './evaluate.ts';
import { onnxExample } from './example.ts';
import { writeOnnx } from './write.ts';

export const onnx: ExchangeFormat = { write: writeOnnx, example: onnxExample, open: openOnnx };
