import { oneHot, product, sigmoid, split, sum, timesColumns, type Vector } from '../arithmetic.ts';
import { numbersIn } from '../arrays.ts';
import { fileOf, type Evaluator, type ReadFiles } from '../format.ts';
import { ml5ForgetBias, ml5Layers, ml5Names } from './names.ts';

type Manifest = Readonly<Record<string, { readonly filename: string; readonly shape: readonly number[] }>>;

/** Reads the folder and computes what ml5.charRNN does: basic LSTM cells, then the second layer's state times the softmax weights. */
export function openMl5(files: ReadFiles): Evaluator {
  const json = (name: string): unknown =>
    JSON.parse(new TextDecoder().decode(fileOf(files, `model/${name}`)));
  const manifest = json('manifest.json') as Manifest;
  const symbols = Object.keys(json('vocab.json') as object).length;
  const variable = (name: string): Vector => {
    const entry = manifest[name];
    if (entry === undefined) throw new RangeError(`there is no ${name}`);
    const numbers = Float64Array.from(numbersIn(fileOf(files, `model/${entry.filename}`)));
    const size = entry.shape.reduce((total, dimension) => total * dimension, 1);
    if (numbers.length !== size) throw new RangeError(`${name} has another size than its shape says`);
    return numbers;
  };
  const cells = Array.from({ length: ml5Layers }, (_, layer) => {
    const bias = variable(ml5Names.bias(layer));
    const zero: Vector = new Float64Array(bias.length / 4);
    return { kernel: variable(ml5Names.kernel(layer)), bias, zero, c: zero, h: zero };
  });
  const [decoder, decoderBias] = [variable(ml5Names.decoder), variable(ml5Names.decoderBias)];
  return (symbol, begins) => {
    let x: Vector = oneHot(symbol, symbols);
    for (const cell of cells) {
      if (begins) cell.c = cell.h = cell.zero;
      const input = Float64Array.from([...x, ...cell.h]);
      const [i = x, candidate = x, f = x, o = x] = split(sum(timesColumns(input, cell.kernel), cell.bias), 4);
      const kept = f.map((value) => sigmoid(value + ml5ForgetBias));
      cell.c = sum(product(kept, cell.c), product(i.map(sigmoid), candidate.map(Math.tanh)));
      cell.h = product(o.map(sigmoid), cell.c.map(Math.tanh));
      x = cell.h;
    }
    return sum(timesColumns(x, decoder), decoderBias);
  };
}
