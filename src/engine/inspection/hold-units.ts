import type { Unit } from '../../shared/domain/inspected-properties.ts';
import type { ModelSpec } from '../../shared/domain/model-spec.ts';
import { assertNever } from '../../shared/errors.ts';
import { cellOf, gatesOf } from '../../shared/domain/cells.ts';
import type { SamplingNetwork, TensorData, TensorMap } from '../backends/backend.ts';
import { numberOfUnit, unitCount } from './units.ts';

/** A unit and the value that it is held at. */
export interface HeldUnit {
  readonly unit: Unit;
  readonly value: number;
}

/** A model with units held: other parameters, and the state that it starts from. */
export interface HeldModel {
  readonly parameters: TensorMap;
  /** Values of all units, by unit number. */
  readonly start: Float32Array;
}

/** Drives a gate to 0 or 1 exactly, in float32. */
const shut = -100;
const open = 100;
/** Outputs are between -1 and 1; this is the largest below 1 that a gate can give. */
const largest = 1 - 2 ** -23;
/** A cell state whose tanh is 1 in float32. */
const saturated = 20;

/**
 * Holds units at values by changing only their parameters, so that every backend can compute it without any change to its kernels: the gates of a
 * held unit ignore their inputs and are constant. A held unit has its value from the start: the first symbol is read with it. This equals overwriting
 * the unit after every symbol, with layer normalisation and residual connections too, because the normalised products are unchanged.
 *
 * LSTM cell state: input gate shut, forget gate open. LSTM output: the cell state saturated (with layer normalisation, the argument of its tanh), the
 * output gate at |v|. GRU: update gate shut. RNN: no input, bias atanh v. For a unit whose cell state and output are both held, other units read the output.
 */
export function holdUnits(spec: ModelSpec, parameters: TensorMap, held: readonly HeldUnit[]): HeldModel {
  const start = new Float32Array(unitCount(spec));
  const layers = new Set(held.map(({ unit }) => unit.layer));
  const copied = new Map(
    [...parameters].map(([name, { shape, data }]): [string, TensorData] => {
      const isChanged = [...layers].some((layer) => name.startsWith(`layers.${layer}.`));
      return [name, { shape, data: isChanged ? data.slice() : data }];
    }),
  );
  // Outputs last: in an LSTM without layer normalisation they determine the cell state.
  const ordered = held.toSorted((a, b) => Number(a.unit.state === 'h') - Number(b.unit.state === 'h'));
  for (const { unit, value } of ordered) {
    start[numberOfUnit(spec, unit)] = value;
    hold(new UnitRows(spec, copied, unit), spec, { unit, value }, start);
  }
  return { parameters: copied, start };
}

function hold(rows: UnitRows, spec: ModelSpec, { unit, value }: HeldUnit, start: Float32Array): void {
  switch (spec.model) {
    case 'lstm':
      if (unit.state === 'c') {
        rows.fix('i', shut);
        return rows.fix('f', open);
      }
      rows.fix('o', logit(Math.abs(value)));
      if (spec.layerNorm) return rows.fixState(Math.sign(value) * saturated);
      rows.fix('i', shut);
      rows.fix('f', open);
      start[numberOfUnit(spec, { ...unit, state: 'c' })] = Math.sign(value) * saturated;
      return;
    case 'gru':
      return rows.fix('z', shut);
    case 'rnn':
      return rows.fix('h', Math.atanh(Math.max(-largest, Math.min(largest, value))));
    default:
      return assertNever(spec.model);
  }
}

function logit(share: number): number {
  if (share <= 0) return shut;
  return share >= largest ? open : Math.log(share / (1 - share));
}

/** One unit's rows among the parameters of its layer. */
class UnitRows {
  readonly #spec: ModelSpec;
  readonly #tensors: TensorMap;
  readonly #unit: Unit;

  constructor(spec: ModelSpec, tensors: TensorMap, unit: Unit) {
    this.#spec = spec;
    this.#tensors = tensors;
    this.#unit = unit;
  }

  /** Fixes a gate's value before its activation, whatever it reads. Normalised weights are kept: all units share their mean and variance. */
  fix(gate: string, value: number): void {
    const row = gatesOf(cellOf(this.#spec)).indexOf(gate) * this.#spec.rnnSize + this.#unit.unit;
    for (const name of this.#spec.layerNorm ? ['gx', 'gh'] : ['wx', 'wh']) this.#fill(name, row, 0);
    this.#fill('bx', row, value);
    this.#fill('bh', row, 0);
  }

  /** The same for the tanh of a normalised cell state. */
  fixState(value: number): void {
    this.#fill('gc', this.#unit.unit, 0);
    this.#fill('bc', this.#unit.unit, value);
  }

  #fill(name: string, row: number, value: number): void {
    const tensor = this.#tensors.get(`layers.${this.#unit.layer}.${name}`);
    if (tensor === undefined) return;
    const [, columns = 1] = tensor.shape;
    tensor.data.fill(value, row * columns, (row + 1) * columns);
  }
}

/** A network with held units: it starts, and restarts, with their values. */
export function heldNetwork(network: SamplingNetwork, { parameters, start }: HeldModel): SamplingNetwork {
  network.importTensors(parameters);
  network.writeSamplingState(start);
  return {
    spec: network.spec,
    importTensors: (tensors) => network.importTensors(tensors),
    sampleStep: (symbol) => network.sampleStep(symbol),
    readSamplingState: () => network.readSamplingState(),
    writeSamplingState: (state) => network.writeSamplingState(state),
    resetSampling: () => network.writeSamplingState(start),
    dispose: () => network.dispose(),
  };
}
