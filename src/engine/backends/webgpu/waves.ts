/** What happens next, in order: layers go through time, each one chunk behind its neighbour. */
export type WaveStep =
  | {
      /** Rows of a whole chunk go from one layer to its neighbour, which is `layer`. */
      readonly kind: 'rows';
      readonly layer: number;
      readonly firstTime: number;
      readonly times: number;
    }
  | {
      /** One time step of `layers` layers: the first is `layer` at `time`, each further one `lag` steps behind. */
      readonly kind: 'step';
      readonly layer: number;
      readonly layers: number;
      readonly time: number;
      readonly lag: number;
    };

interface Depth {
  readonly layers: number;
  readonly times: number;
  readonly chunk: number;
}

/** Layer l is at time step wave - l * chunk; before each chunk of layers 1 and up comes the product of their input. */
export function forwardWaves({ layers, times, chunk }: Depth): readonly WaveStep[] {
  return waves({ layers, times, chunk }).flatMap(({ wave, first, active, starting }) => [
    ...starting.map(({ layer, begin }): WaveStep => ({
      kind: 'rows',
      layer,
      firstTime: begin,
      times: Math.min(chunk, times - begin),
    })),
    { kind: 'step', layer: first, layers: active, time: wave - first * chunk, lag: chunk },
  ]);
}

/** The same from the last time step and the top layer back: layer L - 1 - k is k chunks behind the top. */
export function backwardWaves({ layers, times, chunk }: Depth): readonly WaveStep[] {
  return waves({ layers, times, chunk }).flatMap(({ wave, first, active, starting }) => [
    ...starting.map(({ layer, begin }): WaveStep => {
      const count = Math.min(chunk, times - begin);
      return { kind: 'rows', layer: layers - 1 - layer, firstTime: times - begin - count, times: count };
    }),
    {
      kind: 'step',
      layer: layers - 1 - first,
      layers: active,
      time: times - 1 - (wave - first * chunk),
      lag: chunk,
    },
  ]);
}

interface WavePart {
  readonly wave: number;
  /** The first layer that has a time step in this wave, and how many have. */
  readonly first: number;
  readonly active: number;
  /** Layers from the second that start a chunk, with its first time step. */
  readonly starting: readonly { readonly layer: number; readonly begin: number }[];
}

function waves({ layers, times, chunk }: Depth): readonly WavePart[] {
  return Array.from({ length: times + (layers - 1) * chunk }, (_, wave) => {
    const all = Array.from({ length: layers }, (__, layer) => ({ layer, begin: wave - layer * chunk }));
    const active = all.filter(({ begin }) => begin >= 0 && begin < times);
    return {
      wave,
      first: active[0]?.layer ?? 0,
      active: active.length,
      starting: active.filter(({ layer, begin }) => layer > 0 && begin % chunk === 0),
    };
  });
}
