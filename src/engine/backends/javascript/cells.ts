import type { CellKind } from '../../../shared/domain/cells.ts';
import { sigmoid, tanh } from './float32.ts';
import { addRecurrent, type Layer } from './layer.ts';
import { normaliseCell } from './normalise.ts';

const { fround } = Math;
const none = new Float32Array(0);

/** The rest of one step, from the input's contribution to the gates to the new states. Each rounds as its kernel in src/kernels/assembly/cells does. */
export const cellSteps: Readonly<Record<CellKind, (layer: Layer) => void>> = {
  lstm: stepLstm,
  gru: stepGru,
  rnn: stepRnn,
};

/** Gates i, f, o, g: c = f*c + i*g, h = o * tanh c; the cell state is normalised before its tanh where the model is. */
function stepLstm(layer: Layer): void {
  const { size, gates, states, scratch, cellGain, cellBias } = layer;
  const [hidden = none, cell = none] = states;
  addRecurrent(layer, 0, hidden);
  for (let unit = 0; unit < size; unit++) {
    const input = sigmoid(gates[unit] ?? 0);
    const forget = sigmoid(gates[size + unit] ?? 0);
    const candidate = tanh(gates[3 * size + unit] ?? 0);
    cell[unit] = fround(forget * (cell[unit] ?? 0)) + fround(input * candidate);
  }
  if (cellGain === undefined || cellBias === undefined) scratch.set(cell);
  else normaliseCell(cell, cellGain, cellBias, scratch);
  for (let unit = 0; unit < size; unit++) {
    hidden[unit] = sigmoid(gates[2 * size + unit] ?? 0) * tanh(scratch[unit] ?? 0);
  }
}

/** Gates z, r, n: n = tanh(... + wh (r*h)), h = h + z * (n - h); z weighs the new state, as in char-rnn. */
function stepGru(layer: Layer): void {
  const { size, gates, states, scratch } = layer;
  const [hidden = none] = states;
  addRecurrent(layer, 0, hidden);
  for (let unit = 0; unit < size; unit++) {
    scratch[unit] = sigmoid(gates[size + unit] ?? 0) * (hidden[unit] ?? 0);
  }
  addRecurrent(layer, 1, scratch);
  for (let unit = 0; unit < size; unit++) {
    const before = hidden[unit] ?? 0;
    const change = fround(tanh(gates[2 * size + unit] ?? 0) - before);
    hidden[unit] = before + fround(sigmoid(gates[unit] ?? 0) * change);
  }
}

/** h = tanh of the sum. */
function stepRnn(layer: Layer): void {
  const { size, gates, states } = layer;
  const [hidden = none] = states;
  addRecurrent(layer, 0, hidden);
  for (let unit = 0; unit < size; unit++) hidden[unit] = tanh(gates[unit] ?? 0);
}
