import { CharloomError } from '../../../shared/errors.ts';

/** A valid file whose model is not supported. */
export function refused(message: string, fix: string): CharloomError {
  return new CharloomError('incompatible', message, { fix });
}

const trainHere = 'If you have its text, train a new model on it; a few minutes are enough for a small one.';

/** Batch normalisation: `-batchnorm 1` of torch-rnn. */
export function batchNormalised(): CharloomError {
  return refused(
    'This model uses batch normalisation, which Charloom does not have.',
    'Train it with -batchnorm 0 in torch-rnn and import that, or train a new model on its text with layer normalisation.',
  );
}

/** Dropout that scales when the model writes and not in training: Torch before 2015. */
export function oldDropout(): CharloomError {
  return refused(
    'This model was trained with the dropout of an early Torch, which scales every layer differently when it writes.',
    trainHere,
  );
}

/** A network of another shape. `what` completes "... does not build: ...". */
export function unknownGraph(what: string): CharloomError {
  return refused(
    `This file holds a network that char-rnn does not build: ${what}.`,
    'Charloom reads the LSTM, GRU and RNN of char-rnn. A changed program makes other networks, which it cannot follow.',
  );
}

/** GRU in torch-rnn. */
export function forkedGru(): CharloomError {
  return refused(
    'This file holds an nn.GRU layer, which only changed copies of torch-rnn have, each with its own arithmetic.',
    'Train it with -model_type lstm or rnn and import that, or train a GRU on its text here.',
  );
}

/** A layer, or an order of layers, that torch-rnn does not write. */
export function unknownLayer(): CharloomError {
  return refused(
    'This file holds a layer that torch-rnn does not have.',
    'Charloom reads the LSTM and RNN of torch-rnn. A changed program makes other networks, which it cannot follow.',
  );
}

/** Another value saved by Torch. */
export function unknownTorchFile(): CharloomError {
  return refused(
    'This is a Torch file, but no model of char-rnn or torch-rnn.',
    'Choose the checkpoint itself: char-rnn writes it to its folder cv, as lm_lstm_epoch1.18_2.0557.t7.',
  );
}

/** HDF5, as Keras and textgenrnn save weights. */
export function textgenrnn(): CharloomError {
  return refused(
    'This is an HDF5 file. A model of textgenrnn or Keras in it reads a window of characters with attention, which Charloom does not have.',
    trainHere,
  );
}

/** A file of a checkpoint of TensorFlow 1: index, data, meta or `checkpoint`. */
export function tensorflowCheckpoint(): CharloomError {
  return refused(
    'This is a checkpoint of TensorFlow 1. Its files do not say how the network is put together.',
    'Convert it to an ml5 folder (manifest.json and vocab.json) with ml5’s training script, and import that.',
  );
}

/** Python's pickle, on its own or in the archive that PyTorch writes. */
export function pickle(): CharloomError {
  return refused(
    'This is a Python pickle (.pt, .pth, .bin), which can run any program when it is opened. Charloom never opens one.',
    'Save the model as safetensors in Python, with the names of docs/exchange.md, and import that.',
  );
}

/** ONNX. */
export function onnx(): CharloomError {
  return refused(
    'This is an ONNX file. ONNX is for running a finished model: it does not keep what Charloom needs to import one.',
    'Import the checkpoint that it was made from.',
  );
}

/** Anything else. */
export function unknownFile(what: 'file' | 'folder' = 'file'): CharloomError {
  return new CharloomError('bad-checkpoint', `This ${what} holds no model that Charloom can read.`, {
    fix: 'Charloom reads its own checkpoints and pages, .t7 files of char-rnn and torch-rnn, ml5 folders, and safetensors with its names.',
  });
}

/** A vocabulary that does not number single symbols from first to last. */
export function badVocabulary(reason: string): CharloomError {
  return new CharloomError('bad-checkpoint', `The vocabulary of the model cannot be read: ${reason}.`);
}
