import { decodeHeader, tensorView } from '../../checkpoints/safetensors.ts';
import { fileOf, type Evaluator, type ReadFiles } from '../format.ts';
import { PlainNetwork, type PlainShape } from '../plain-network.ts';

interface About {
  readonly spec: PlainShape;
}

/** Reads model.safetensors as charloom_model.py does, and computes what its module defines. */
export function openPytorch(files: ReadFiles): Evaluator {
  const bytes = fileOf(files, 'model.safetensors');
  const { tensors, metadata, dataStart } = decodeHeader(bytes, bytes.length);
  const data = bytes.subarray(dataStart);
  const { spec } = JSON.parse(metadata.get('charloom') ?? '') as About;
  const weights = new Map(tensors.map((place) => [place.name, tensorView(data, place)]));
  const network = new PlainNetwork(spec, (name) => {
    const found = weights.get(name);
    if (found === undefined) throw new RangeError(`there is no tensor ${name}`);
    return found;
  });
  return (symbol, begins) => {
    if (begins) network.reset();
    return network.read(symbol);
  };
}
