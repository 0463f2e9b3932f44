import type { ModelSpec } from '../../../shared/domain/model-spec.ts';
import type { WeightKind } from '../../../shared/domain/training-choices.ts';
import type { NetworkOptions } from '../backend.ts';
import { kernelSizes, type Field, type KernelSizes } from './fields/field.ts';
import { layerFields } from './fields/layer-fields.ts';
import { networkFields } from './fields/network-fields.ts';
import { parameterPlaces, type ParameterPlace } from './parameter-places.ts';

/**
 * The positions of a network's buffers, planned once so that nothing is allocated inside a step. Their meaning and length are in fields/. Sizes in
 * floats, Hp and Vp being H and V rounded up to 16, G the gates, R = G*Hp, N = B*S:
 *
 *   parameters, gradients, accumulators   R*(K + Hp + 2) per layer and Vp*(Hp + 1), K = V in layer 0 and Hp above;
 *                                         three times for RMSProp, four times for Adam and Muon; once more with an average
 *   gate values                           N*R per layer
 *   hidden and cell states, strips        about 4*(N + B)*Hp per layer
 *   logits                                N*Vp
 *   normalised products                   V*R*2 in layer 0 for the input's, N*R above; N*R per layer for the recurrent one; sums of B*R and B*Hp
 *   outputs of residual layers            2*N*Hp per layer but the first
 *
 * For the default 2x128 LSTM with B = S = 50, V = 65 that is about 30 MB, with layer normalisation 44 MB.
 */
export interface Layout {
  readonly sizes: KernelSizes;
  readonly places: readonly ParameterPlace[];
  /** What a training step reads. */
  readonly training: View;
  /** What an evaluation with each of the kept weights reads. */
  readonly evaluation: ReadonlyMap<WeightKind, View>;
  readonly bytes: number;
}

/**
 * A header and a layer table, as the kernels read them. The views of a network share all of its buffers and differ only in where they find the
 * weights, so nothing is copied to compute with others.
 */
export interface View {
  /** Address of the header; like all addresses here, relative to the network's first byte. */
  readonly header: number;
  /** Addresses by field; fields that the network does not have are absent. */
  readonly network: ReadonlyMap<string, number>;
  readonly layers: readonly ReadonlyMap<string, number>[];
}

/** Allocates 64-byte aligned regions from address 0 upwards. */
class Planner {
  bytes = 0;

  take(floats: number): number {
    const address = this.bytes;
    this.bytes += Math.ceil(floats / 16) * 64;
    return address;
  }
}

/** Plans a network for `threads` threads. Buffers that a configuration never touches take no space. */
export function planLayout(spec: ModelSpec, options: NetworkOptions, threads: number): Layout {
  const sizes = kernelSizes(spec, options, threads);
  const places = parameterPlaces(sizes);
  const offsets = new Map(places.map(({ name, offset }) => [name, offset]));
  const planner = new Planner();
  planner.take(networkFields.length);
  const network = new Map<string, number>();
  const place = (
    fields: readonly Field[],
    prefix: string,
    layer: number,
    into: Map<string, number>,
  ): void => {
    for (const field of fields) {
      if (field.kind === 'buffer') {
        const floats = field.floats(sizes, layer);
        if (floats > 0) into.set(field.name, planner.take(floats));
      } else if (field.kind === 'parameter') {
        const offset = offsets.get(prefix + field.parameter);
        const run = network.get(field.run);
        if (offset !== undefined && run !== undefined) into.set(field.name, run + offset * 4);
      }
    }
  };
  place(networkFields, '', 0, network);
  const header = 0;
  const layers = Array.from({ length: spec.numLayers }, (_, layer) => {
    const addresses = new Map<string, number>();
    place(layerFields, `layers.${layer}.`, layer, addresses);
    return addresses;
  });
  const whole: View = { header, network, layers };
  const training = options.weightDrop > 0 ? thinnedView(whole, planner) : whole;
  const evaluation = new Map<WeightKind, View>([['trained', whole]]);
  if (options.averaging) evaluation.set('averaged', averagedView(whole, planner));
  return { sizes, places, training, evaluation, bytes: planner.bytes };
}

/** A view of the same network that reads the recurrent weights with weight drop in place of the original ones. */
function thinnedView(whole: View, planner: Planner): View {
  const layers = whole.layers.map((addresses) => {
    const thinned = addresses.get('thinnedRecurrentW');
    return thinned === undefined ? addresses : new Map([...addresses, ['recurrentW', thinned]]);
  });
  return viewOf(whole.network, layers, planner);
}

/** A view of the same network that reads the average in place of the parameters. */
function averagedView({ network, layers }: View, planner: Planner): View {
  const shift = (network.get('average') ?? 0) - (network.get('parameters') ?? 0);
  const moved = (fields: readonly Field[], addresses: ReadonlyMap<string, number>): Map<string, number> => {
    const names = fields
      .filter((field) => field.kind === 'parameter' && field.run === 'parameters')
      .map(({ name }) => name);
    return new Map(
      [...addresses].map(([name, address]) => [name, names.includes(name) ? address + shift : address]),
    );
  };
  return viewOf(
    moved(networkFields, network),
    layers.map((addresses) => moved(layerFields, addresses)),
    planner,
  );
}

/** Space for another header and layer table. */
function viewOf(network: ReadonlyMap<string, number>, layers: View['layers'], planner: Planner): View {
  const header = planner.take(networkFields.length);
  const layerTable = planner.take(layers.length * layerFields.length);
  return { header, network: new Map([...network, ['layerTable', layerTable]]), layers };
}
