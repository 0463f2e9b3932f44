import { z } from 'zod';
import { formatCount, formatQuantity } from '../format/numbers.ts';
import { count, fraction, nameSchema } from './common.ts';
import { shareSchema } from './copies.ts';
import { copySentence } from './copying.ts';
import { isResidual, type ModelSpec } from './model-spec.ts';
import { parameterCount } from './model-tensors.ts';
import { pagePrecisions, writingPageSchema } from './writing-page.ts';

/** The programs and libraries that a model can be exported to. */
export const exportFormats = ['onnx', 'pytorch', 'tfjs', 'ml5'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** What decides whether a format can hold a model. */
export interface GivenModel {
  readonly spec: ModelSpec;
  readonly symbols: 'characters' | 'bytes';
  /** One text for each symbol; a byte is the character with its value. */
  readonly vocabulary: readonly string[];
}

/** Why a format cannot hold a model, and what would work. */
export interface Refusal {
  readonly sentence: string;
  readonly fix: string;
}

/** A format's description, and what it cannot represent. */
export interface ExportFormatDescription {
  readonly title: string;
  /** What it is for: one sentence. */
  readonly purpose: string;
  /** The contents: short noun phrases. */
  readonly contents: readonly string[];
  readonly refusal: (model: GivenModel) => Refusal | null;
}

/** ONNX is a protocol-buffer message, which holds at most 2 GB. */
const largestMessage = 2 ** 31 - 2 ** 20;

export const exportFormatTable: Readonly<Record<ExportFormat, ExportFormatDescription>> = {
  onnx: {
    title: 'ONNX',
    purpose:
      'For ONNX Runtime and the many programs that load ONNX models: Python, C++, C#, Java, phones, browsers.',
    contents: ['model.onnx (opset 14, states in and out)', 'vocabulary', 'example in Python', 'test vector'],
    refusal: ({ spec }) =>
      parameterBytes(spec) > largestMessage
        ? {
            sentence: 'An ONNX file holds at most 2 GB, and this model is larger.',
            fix: 'Export it to PyTorch, which has no such limit.',
          }
        : null,
  },
  pytorch: {
    title: 'PyTorch',
    purpose:
      'For PyTorch: weights as safetensors and a module in Python that loads them, to write with or to train further.',
    contents: [
      'model.safetensors, which Charloom opens too',
      'charloom_model.py',
      'vocabulary',
      'test vector',
    ],
    refusal: () => null,
  },
  tfjs: {
    title: 'TensorFlow.js and Keras',
    purpose: 'For web pages with TensorFlow.js, and for Keras in Python: a layers model and its weights.',
    contents: [
      'model.json and weights.bin',
      'keras_model.py',
      'vocabulary',
      'examples in JavaScript and Python',
      'test vector',
    ],
    refusal: ({ spec }) =>
      spec.layerNorm
        ? {
            sentence:
              'The recurrent layers of TensorFlow.js and Keras have no layer normalisation, and this model has it.',
            fix: 'Export it to ONNX or PyTorch, which hold it.',
          }
        : null,
  },
  ml5: {
    title: 'ml5.js',
    purpose: 'For p5.js sketches with ml5 0.12.2 and its charRNN.',
    contents: ['model folder (manifest.json, weights)', 'vocab.json', 'example sketch', 'test vector'],
    refusal: refusalOfMl5,
  },
};

/** ml5 0.12.2 always writes with the second layer's state, and knows LSTM only. */
function refusalOfMl5({ spec, symbols, vocabulary }: GivenModel): Refusal | null {
  const instead = spec.layerNorm ? 'ONNX or PyTorch' : 'TensorFlow.js, ONNX or PyTorch';
  const fix = `Export it to ${instead}; or train an LSTM of 2 layers without layer normalisation and residual connections for ml5.`;
  const { model, numLayers, layerNorm } = spec;
  if (model !== 'lstm' || numLayers !== 2) {
    const found = `${model === 'gru' ? 'a' : 'an'} ${model.toUpperCase()} of ${formatQuantity(numLayers, 'layer')}`;
    return { sentence: `ml5 writes with an LSTM of exactly 2 layers, and this model is ${found}.`, fix };
  }
  if (layerNorm) return { sentence: 'ml5 has no layer normalisation, and this model has it.', fix };
  if (isResidual(spec)) return { sentence: 'ml5 has no residual connections, and this model has them.', fix };
  if (symbols === 'bytes' && vocabulary.some((byte) => byte > '\x7f')) {
    return {
      sentence:
        'ml5 writes one character for each symbol, and some characters of this model are several bytes.',
      fix: `Export it to ${instead}; or train with characters as symbols for ml5.`,
    };
  }
  return null;
}

function parameterBytes(spec: ModelSpec): number {
  return 4 * parameterCount(spec);
}

/** A model in a page that writes: what its author decides. */
const pageChoiceSchema = z.strictObject({
  format: z.literal('page'),
  page: writingPageSchema,
  precision: z.enum(pagePrecisions),
});
export type PageChoice = Readonly<z.infer<typeof pageChoiceSchema>>;

/** The chosen export. */
export const exportChoiceSchema = z.discriminatedUnion('format', [
  z.strictObject({ format: z.enum(exportFormats) }),
  pageChoiceSchema,
]);
export type ExportChoice = Readonly<z.infer<typeof exportChoiceSchema>>;

/** How much samples of a model copy from its training text, checked before it is given away. */
const copyCheckSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('compared'),
    samples: count,
    /** Symbols of all samples together. */
    symbols: count,
    found: shareSchema,
    /** The same for the author's held-out text; null if there is none. */
    control: shareSchema.nullable(),
    /** The longest passages that were copied, as words. */
    passages: z.array(z.string().max(400)).max(5).readonly(),
  }),
  /** The text is missing, or is a different one. */
  z.strictObject({ kind: z.literal('unknown'), reason: z.string().max(1000) }),
]);
export type CopyCheck = Readonly<z.infer<typeof copyCheckSchema>>;

/** The result of a check of copies, as a sentence. */
export function copyCheckSentence(check: CopyCheck): string {
  if (check.kind === 'unknown') {
    return `Whether it writes passages of its text word for word could not be checked: ${check.reason}`;
  }
  const subject = `${formatQuantity(check.samples, 'sample')} of ${formatCount(check.symbols)} symbols in total`;
  return `${subject} ${check.samples === 1 ? 'was' : 'were'} compared with the text. ${copySentence(check.found, check.control)}`;
}

/** The progress and the result of an export. */
export const exportItemSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('progress'), fraction }),
  /** The file exists for as long as the stream is open; the ticket fetches it. */
  z.strictObject({
    kind: z.literal('ready'),
    ticket: nameSchema,
    /** Of the file. */
    name: nameSchema,
    bytes: count,
    checked: z.strictObject({ symbols: count, largestDifference: z.number().nonnegative() }),
    /** For a page that writes. */
    copies: copyCheckSchema.optional(),
  }),
]);
export type ExportItem = Readonly<z.infer<typeof exportItemSchema>>;
export type ReadyExport = Extract<ExportItem, { kind: 'ready' }>;
