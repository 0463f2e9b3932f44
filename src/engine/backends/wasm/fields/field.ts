import { cellOf, gatesOf, groupSizes, type CellDescription } from '../../../../shared/domain/cells.ts';
import type { ModelSpec } from '../../../../shared/domain/model-spec.ts';
import type { NetworkOptions } from '../../backend.ts';
import { padded } from './constants.ts';

/** A network's sizes as the kernels count them. */
export interface KernelSizes {
  readonly spec: ModelSpec;
  readonly options: NetworkOptions;
  readonly cell: CellDescription;
  readonly threads: number;
  /** Hp = H rounded up to 16. */
  readonly size: number;
  /** Vp = V rounded up to 16. */
  readonly vocabulary: number;
  /** R = G * Hp, floats of one row of gate values. */
  readonly rowFloats: number;
  /** Floats in a row of the gates whose recurrent operand is the hidden state. */
  readonly hiddenGates: number;
  /** N = B * S. */
  readonly rows: number;
  /** B * Hp, floats of one carried state. */
  readonly stateFloats: number;
}

/** The sizes of a network. */
export function kernelSizes(spec: ModelSpec, options: NetworkOptions, threads: number): KernelSizes {
  const cell = cellOf(spec);
  const size = padded(spec.rnnSize);
  return {
    spec,
    options,
    cell,
    threads,
    size,
    vocabulary: padded(spec.vocabularySize),
    rowFloats: gatesOf(cell).length * size,
    hiddenGates: (groupSizes(cell)[0] ?? 0) * size,
    rows: options.batchSize * options.sequenceLength,
    stateFloats: options.batchSize * size,
  };
}

interface FieldName {
  readonly name: string;
  /** A description for readers of the kernels. */
  readonly meaning: string;
}

/** A number in the header; without `value` it is written at each step, or by the kernels. */
export interface NumberField extends FieldName {
  readonly kind: 'number';
  readonly type: 'i32' | 'u32' | 'f32';
  readonly value?: (sizes: KernelSizes) => number;
}

/** The address of separate memory. 0 floats: the network does not have the buffer, and its address is 0. */
export interface BufferField extends FieldName {
  readonly kind: 'buffer';
  /** Floats for a network, or for one of its layers. */
  readonly floats: (sizes: KernelSizes, layer: number) => number;
}

/** The address of one parameter, or of its gradient, within the array of all of them. */
export interface ParameterField extends FieldName {
  readonly kind: 'parameter';
  readonly run: 'parameters' | 'gradients';
  /** Its canonical name; in a layer, what follows `layers.N.`. */
  readonly parameter: string;
}

/** One 32-bit word of the kernels' Network or Layer. */
export type Field = NumberField | BufferField | ParameterField;

/** A number in the header. */
export function number(
  type: NumberField['type'],
  name: string,
  meaning: string,
  value?: NumberField['value'],
): NumberField {
  return { kind: 'number', type, name, meaning, ...(value === undefined ? {} : { value }) };
}

/** A separate buffer. */
export function buffer(name: string, meaning: string, floats: BufferField['floats']): BufferField {
  return { kind: 'buffer', name, meaning, floats };
}

/** A parameter and its gradient, as two fields. */
export function parameterPair(parameter: string, word: string, meaning: string): readonly ParameterField[] {
  return [
    { kind: 'parameter', run: 'parameters', parameter, name: word, meaning },
    { kind: 'parameter', run: 'gradients', parameter, name: `${word}Grad`, meaning: `Gradient of ${word}.` },
  ];
}

/** `train` and `hidden` make `trainHidden`. */
export function joinedName(first: string, second: string): string {
  return first + second.charAt(0).toUpperCase() + second.slice(1);
}
