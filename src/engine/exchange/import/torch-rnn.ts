import type { CellKind } from '../../../shared/domain/cells.ts';
import { matrixShape, numbersOf } from '../t7/tensors.ts';
import { isObject, isTable, T7Table, type T7Object, type T7Value } from '../t7/values.ts';
import { foldEmbedding } from './fold-embedding.ts';
import type { ForeignLayer, ForeignModel, ForeignNetwork, ForeignTraining } from './foreign-model.ts';
import { isIteration, isLoss, lossesAt, lossesByIteration } from './losses.ts';
import { badVocabulary, batchNormalised, forkedGru, oldDropout, unknownLayer } from './refusals.ts';
import { settingsFrom, type SettingNames } from './settings.ts';

/** Options of its train.lua. It clips the gradient averaged over batch and time, so its bound differs from Charloom's. */
const names: SettingNames = {
  batchSize: 'batch_size',
  sequenceLength: 'seq_length',
  learningRate: 'learning_rate',
  maxEpochs: 'max_epochs',
  evaluateEvery: 'checkpoint_every',
};

const cells: Readonly<Record<string, CellKind>> = { 'nn.LSTM': 'lstm', 'nn.VanillaRNN': 'rnn' };
/** Number of gates in a layer's columns, in Charloom's order. */
const gates: Readonly<Record<CellKind, number>> = { lstm: 4, rnn: 1, gru: 0 };
/** Modules that only reshape or pass on their input. */
const silent: readonly string[] = ['nn.View', 'nn.Identity', 'nn.Copy'];

/** Whether a file's root is a checkpoint of torch-rnn. */
export function isTorchRnn(root: T7Table): boolean {
  const model = root.get('model');
  return isObject(model) && model.className === 'nn.LanguageModel';
}

/**
 * Reads a checkpoint of torch-rnn.
 * @param file its name
 * @throws CharloomError 'incompatible' or 'bad-checkpoint'
 */
export function readTorchRnn(root: T7Table, file: string): ForeignModel {
  const model = root.get('model');
  const fields = (isObject(model) ? model.fields : null) ?? new T7Table();
  const network = networkOf(modulesOf(fields.get('net')));
  const { codes, symbols } = codesOf(fields.get('idx_to_token'), network.decoderB.length);
  return { program: 'torch-rnn', file, network, codes, symbols, training: trainingOf(root) };
}

function modulesOf(net: T7Value): readonly T7Object[] {
  const modules = isObject(net) ? (net.fields?.get('modules') ?? null) : null;
  const all = isTable(modules) ? modules.list() : [];
  const objects = all.filter(isObject);
  if (objects.length === 0 || objects.length < all.length) throw unknownLayer();
  return objects;
}

function networkOf(modules: readonly T7Object[]): ForeignNetwork {
  const [first, ...rest] = modules.filter(({ className }) => !silent.includes(className));
  const last = rest.pop();
  if (first?.className !== 'nn.LookupTable' || last?.className !== 'nn.Linear') throw unknownLayer();
  const recurrent = rest.filter((module) => !isDropout(module));
  const [model, ...others] = new Set(recurrent.map(cellOf));
  if (model === undefined || others.length > 0) throw unknownLayer();
  const [symbols, rnnSize] = matrixShape(fieldOf(last, 'weight')) ?? [0, 0];
  const layers = recurrent.map((layer, index) =>
    layerOf(layer, { model, rnnSize, embedding: index === 0 ? first : undefined, symbols }),
  );
  return {
    model,
    rnnSize,
    dropout: Math.max(0, ...rest.map(dropoutOf)),
    layers,
    decoderW: read(last, 'weight', [symbols, rnnSize]),
    decoderB: read(last, 'bias', [symbols]),
  };
}

function cellOf({ className }: T7Object): CellKind {
  const cell = Object.hasOwn(cells, className) ? cells[className] : undefined;
  if (cell !== undefined) return cell;
  if (className === 'nn.BatchNormalization') throw batchNormalised();
  throw className === 'nn.GRU' ? forkedGru() : unknownLayer();
}

function isDropout({ className }: T7Object): boolean {
  return className === 'nn.Dropout';
}

function dropoutOf(module: T7Object): number {
  const share = fieldOf(module, 'p');
  if (!isDropout(module) || typeof share !== 'number') return 0;
  if (share !== 0 && fieldOf(module, 'v2') !== true) throw oldDropout();
  return share;
}

interface LayerPlace {
  readonly model: CellKind;
  readonly rnnSize: number;
  readonly symbols: number;
  /** What the first layer reads. */
  readonly embedding: T7Object | undefined;
}

/** A layer is one matrix [D + H, gates * H], the first D rows for its input, and one bias. */
function layerOf(layer: T7Object, { model, rnnSize, embedding, symbols }: LayerPlace): ForeignLayer {
  const rows = gates[model] * rnnSize;
  const vectors = embedding === undefined ? undefined : matrixShape(fieldOf(embedding, 'weight'));
  const inputs = embedding === undefined ? rnnSize : (vectors?.[1] ?? 0);
  const weight = read(layer, 'weight', [inputs + rnnSize, rows]);
  const fromInput = (row: number, input: number): number => weight[input * rows + row] ?? 0;
  const wx =
    embedding === undefined
      ? transposed(rows, rnnSize, fromInput)
      : foldEmbedding(
          read(embedding, 'weight', [symbols, inputs]),
          { symbols, dimensions: inputs, rows },
          fromInput,
        );
  const wh = transposed(rows, rnnSize, (row, unit) => fromInput(row, inputs + unit));
  return { wx, wh, bx: read(layer, 'bias', [rows]), bh: new Float64Array(rows) };
}

function transposed(
  rows: number,
  columns: number,
  at: (row: number, column: number) => number,
): Float64Array {
  const numbers = new Float64Array(rows * columns);
  for (let row = 0, index = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, index++) numbers[index] = at(row, column);
  }
  return numbers;
}

function read(module: T7Object, name: string, shape: readonly number[]): Float64Array {
  const numbers = numbersOf(fieldOf(module, name), shape);
  if (numbers === undefined) throw unknownLayer();
  return numbers;
}

function fieldOf({ fields }: T7Object, name: string): T7Value {
  return fields?.get(name) ?? null;
}

/** Symbols by index from 1: characters in UTF-8, or, for a text read as bytes, `[233]` for bytes outside ASCII. */
function codesOf(table: T7Value, size: number): Pick<ForeignModel, 'codes' | 'symbols'> {
  const tokens = isTable(table) ? table.list() : [];
  if (tokens.length !== size || !tokens.every((token) => typeof token === 'string')) {
    throw badVocabulary('it has another number of symbols than the network');
  }
  const isBytes = tokens.some((token) => spelledByte(token) !== undefined);
  const codes = tokens.map((token) => spelledByte(token) ?? characterOf(token, isBytes));
  return { codes, symbols: isBytes ? 'bytes' : 'characters' };
}

function spelledByte(token: string): number | undefined {
  const [, digits] = /^\[(\d{1,3})\]$/.exec(token) ?? [];
  return digits === undefined || Number(digits) > 0xff ? undefined : Number(digits);
}

function characterOf(token: string, isByte: boolean): number {
  const bytes = Uint8Array.from(token, (unit) => unit.charCodeAt(0));
  const characters = Array.from(new TextDecoder().decode(bytes));
  const code = characters[0]?.codePointAt(0);
  if (code === undefined || characters.length > 1 || (isByte && code > 0x7f)) {
    throw badVocabulary('it holds something else than single characters');
  }
  return code;
}

function trainingOf(root: T7Table): ForeignTraining {
  const iteration = root.get('i');
  const options = root.get('opt');
  const validationLosses = lossesAt(root.get('val_loss_history'), root.get('val_loss_history_it'));
  const last = validationLosses.at(-1);
  return {
    iteration: isIteration(iteration) ? iteration : null,
    epoch: null,
    // A checkpoint is measured when it is saved.
    validationLoss:
      last !== undefined && isLoss(last.loss) && last.iteration === iteration ? last.loss : null,
    trainLosses: lossesByIteration(root.get('train_loss_history')),
    validationLosses,
    settings: {
      ...settingsFrom(names, (name) => (isTable(options) ? options.get(name) : null)),
      optimizer: 'adam',
    },
  };
}
