import type { RunSettings } from '../../../../shared/domain/run-settings.ts';
import { leavesTest } from '../../../../shared/planning/split.ts';
import { isObject, isTable, type T7Object, type T7Table, type T7Value } from '../../t7/values.ts';
import type { ForeignModel, ForeignTraining, ForeignNetwork } from '../foreign-model.ts';
import { isIteration, isLoss, lossesByIteration } from '../losses.ts';
import { badVocabulary, unknownGraph } from '../refusals.ts';
import { charRnnNames, settingsFrom } from '../settings.ts';
import { readGraph, type ReadGraph } from './graph.ts';
import { linearNumbers, readNetwork } from './network.ts';

/** Whether a file's root is a checkpoint of char-rnn. */
export function isCharRnn(root: T7Table): boolean {
  return isTable(root.get('protos')) && isTable(root.get('vocab'));
}

/**
 * Reads a checkpoint of char-rnn, of any of its layouts: with embedding and decoder outside the network and losses in bits (to 3 June 2015),
 * with gates split by nn.Narrow (to 25 July), by nn.Reshape and nn.SplitTable, and with named layers (from 20 September).
 * @param file its name
 * @throws CharloomError 'incompatible' or 'bad-checkpoint'
 */
export function readCharRnn(root: T7Table, file: string): ForeignModel {
  const protos = root.get('protos');
  const rnn = isTable(protos) ? protos.get('rnn') : null;
  if (!isTable(protos) || !isObject(rnn)) throw unknownGraph('it has no network');
  const network = networkOf(readGraph(rnn), protos);
  const codes = codesOf(root.get('vocab'), network.decoderB.length);
  return {
    program: 'char-rnn',
    file,
    network,
    codes,
    // Its symbols are bytes; those of ASCII are characters as well.
    symbols: codes.every((code) => code < 0x80) ? 'characters' : 'bytes',
    training: trainingOf(root),
  };
}

function networkOf(graph: ReadGraph, protos: T7Table): ForeignNetwork {
  const softmax = protos.get('softmax');
  const last = graph.outputs.at(-1);
  if (isObject(softmax)) return besideDecoder(graph, softmax);
  if (last?.kind !== 'log-softmax' || last.of.kind !== 'linear') {
    throw unknownGraph('its last layer is no softmax');
  }
  const decoder = linearNumbers(last.of.fields);
  return readNetwork({ graph, states: graph.outputs.slice(0, -1), top: last.of.of, decoder });
}

/** The oldest layout: the decoder reads the last output, which is the last state or follows from it. */
function besideDecoder(graph: ReadGraph, softmax: T7Object): ForeignNetwork {
  const modules = softmax.fields?.get('modules') ?? null;
  const [linear, logarithm, ...more] = isTable(modules) ? modules.list().filter(isObject) : [];
  const fields = linear?.className === 'nn.Linear' ? linear.fields : null;
  if (fields === null || logarithm?.className !== 'nn.LogSoftMax' || more.length > 0) {
    throw unknownGraph('its last layer is no softmax');
  }
  const states = graph.outputs.slice(0, graph.inputs - 1);
  const top = graph.outputs.at(-1);
  if (top === undefined) throw unknownGraph('it has no output');
  return readNetwork({ graph, states, top, decoder: linearNumbers(fields) });
}

/** Bytes by index, from a table of bytes to indices from 1. */
function codesOf(vocabulary: T7Value, size: number): readonly number[] {
  const entries = isTable(vocabulary) ? [...vocabulary.entries] : [];
  const codes = new Array<number>(size).fill(-1);
  for (const [symbol, index] of entries) {
    if (typeof symbol !== 'string' || symbol.length !== 1 || typeof index !== 'number') {
      throw badVocabulary('it holds something else than bytes and their numbers');
    }
    if (!(index >= 1 && index <= size) || codes[index - 1] !== -1) {
      throw badVocabulary('it does not number its symbols from first to last');
    }
    codes[index - 1] = symbol.charCodeAt(0);
  }
  if (codes.includes(-1)) throw badVocabulary('it has fewer symbols than the network');
  return codes;
}

/** The oldest layout has losses in bits. */
function trainingOf(root: T7Table): ForeignTraining {
  const isOld = root.entries.has('train_bpcs') || root.entries.has('val_bpc');
  const scale = isOld ? Math.LN2 : 1;
  const [iteration, epoch] = [root.get('i'), root.get('epoch')];
  const loss = root.get(isOld ? 'val_bpc' : 'val_loss');
  const last = isIteration(iteration) && isLoss(loss) ? [{ iteration, loss: loss * scale }] : [];
  const recorded = lossesByIteration(root.get(isOld ? 'val_bpcs' : 'val_losses'), scale);
  const options = root.get('opt');
  const settings = settingsFrom(charRnnNames, (name) => (isTable(options) ? options.get(name) : null));
  return {
    iteration: isIteration(iteration) ? iteration : null,
    epoch: isLoss(epoch) && epoch > 0 ? epoch : null,
    validationLoss: isLoss(loss) ? loss * scale : null,
    trainLosses: lossesByIteration(root.get(isOld ? 'train_bpcs' : 'train_losses'), scale),
    // The oldest files hold only the last one.
    validationLosses: [...recorded.filter((point) => last[0]?.iteration !== point.iteration), ...last],
    settings: isOld ? oldCut(settings) : settings,
  };
}

/**
 * The oldest rule cut the validation split by its own fraction, even where both fractions add up to 1; a sum just below 1 has the same
 * effect under today's rule (splitChunks in src/shared/planning).
 */
function oldCut(settings: Partial<RunSettings>): Partial<RunSettings> {
  const { trainFraction = 0, validationFraction = 0 } = settings;
  return leavesTest(trainFraction, validationFraction)
    ? settings
    : { ...settings, validationFraction: validationFraction - 1e-12 };
}
