import { exportFormatTable, type ExportFormat } from '../../shared/domain/exchange.ts';
import { isResidual } from '../../shared/domain/model-spec.ts';
import { formatBytes, formatCount, formatLoss } from '../../shared/format/numbers.ts';
import type { ExchangeModel, ExportedFile, TestVector } from './format.ts';

interface ReadmeContent {
  readonly format: ExportFormat;
  readonly model: ExchangeModel;
  readonly files: readonly ExportedFile[];
  readonly testVector: TestVector;
  readonly example: string;
}

/** README.md of an export: what the model is, how to use it, and how to check that it was read correctly. Lines end with a line feed. */
export function readme({ format, model, files, testVector, example }: ReadmeContent): string {
  const { title } = exportFormatTable[format];
  return [
    `# ${headline(model)} for ${title}`,
    '',
    ...describeModel(model),
    '',
    example.trim(),
    '',
    '## Files',
    '',
    ...files.map(
      ({ path, pieces }) =>
        `- \`${path}\`: ${formatBytes(pieces.reduce((sum, piece) => sum + piece.length, 0))}`,
    ),
    `- \`test-vector.json\`: ${testVector.symbols.length} \`symbols\`, by their index in the vocabulary, and the \`logits\` after each`,
    '',
    'A program that reads this model rightly begins with a state of zeros, reads these symbols one after the other, and computes these logits to',
    '0.0001.',
    '',
    '## Symbols',
    '',
    symbolSentence(model),
    'Characters that are not in the vocabulary cannot be read: leave them out.',
    '',
    'A language model can repeat passages of the text that it learned from. Whether you may give it away depends on the rights in that text.',
    '',
  ].join('\n');
}

/** The run's name, on one line and without Markdown syntax. */
function headline({ metadata }: ExchangeModel): string {
  return metadata.settings.name.replace(/[^\p{L}\p{N} ._-]+/gu, ' ').trim() || 'A model';
}

function describeModel({ metadata }: ExchangeModel): readonly string[] {
  const { spec, validationLoss, epoch, writtenBy, symbols } = metadata;
  const variants = [
    ...(spec.layerNorm ? ['layer-normalised'] : []),
    ...(isResidual(spec) ? ['with residual connections'] : []),
  ];
  const layers = spec.numLayers === 1 ? '1 layer' : `${spec.numLayers} layers`;
  const loss =
    validationLoss === null ? '' : `, validation loss ${formatLoss(validationLoss)} nats per symbol`;
  return [
    `A language model of ${symbols}, written by Charloom ${writtenBy}: ${[spec.model.toUpperCase(), ...variants].join(', ')}, ${layers} of`,
    `${formatCount(spec.rnnSize)} units, ${formatCount(spec.vocabularySize)} symbols, trained for ${epoch.toFixed(2)} epochs${loss}.`,
  ];
}

function symbolSentence({ metadata }: ExchangeModel): string {
  return metadata.symbols === 'characters'
    ? 'A symbol is one character (a Unicode code point); the vocabulary lists them in the order of their indices.'
    : 'A symbol is one byte of a text in UTF-8. The vocabulary lists each byte as the character with its value, in the order of their indices.';
}
