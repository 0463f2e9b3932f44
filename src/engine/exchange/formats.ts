import type { ExportFormat } from '../../shared/domain/exchange.ts';
import type { ExchangeFormat } from './format.ts';
import { ml5 } from './ml5/ml5.ts';
import { onnx } from './onnx/onnx.ts';
import { pytorch } from './pytorch/pytorch.ts';
import { tensorflowJs } from './tensorflow-js/tensorflow-js.ts';

/** How each format is written and read back. Its texts are in shared/domain/exchange.ts. */
export const exchangeFormats: Readonly<Record<ExportFormat, ExchangeFormat>> = {
  onnx,
  pytorch,
  tfjs: tensorflowJs,
  ml5,
};
