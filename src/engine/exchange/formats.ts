import type { ExportFormat } from '../../shared/domain/exchange.ts';
import type { ExchangeFormat } from './format.ts';
import { onnx } from './onnx/onnx.ts';

/** How each format is written and read back. Its words are in shared/domain/exchange.ts. */
export const exchangeFormats: Readonly<Record<ExportFormat, ExchangeFormat>> = { onnx };
