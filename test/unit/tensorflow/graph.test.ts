import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import type { NetworkOptions } from '../../../src/engine/backends/backend.ts';
import { Graph } from '../../../src/engine/backends/tensorflow/graph/graph.ts';
import { buildNetworkGraph } from '../../../src/engine/backends/tensorflow/network-graph.ts';
import { planGraph } from '../../../src/engine/backends/tensorflow/plan.ts';
import { cellKinds } from '../../../src/shared/domain/cells.ts';
import { plainModel, type ModelSpec } from '../../../src/shared/domain/model-spec.ts';

interface Message {
  toObject(): unknown;
}
interface DecodedNode {
  readonly name: string;
  readonly op: string;
  readonly inputList: readonly string[];
}

/** An independent reader of what the graph writer wrote: the protocol-buffer classes that the TensorFlow package ships. */
function decode(savedModel: Uint8Array): {
  readonly tags: readonly string[];
  readonly nodes: readonly DecodedNode[];
} {
  const load = createRequire(import.meta.url);
  const messages = load('@tensorflow/tfjs-node-gpu/dist/proto/api_pb.js') as {
    SavedModel: { deserializeBinary(bytes: Uint8Array): Message };
  };
  const model = messages.SavedModel.deserializeBinary(savedModel).toObject() as {
    metaGraphsList: {
      metaInfoDef: { tagsList: string[] };
      graphDef: { nodeList: DecodedNode[] };
    }[];
  };
  const [graph] = model.metaGraphsList;
  return { tags: graph?.metaInfoDef.tagsList ?? [], nodes: graph?.graphDef.nodeList ?? [] };
}

const options = {
  batchSize: 6,
  sequenceLength: 13,
  optimizer: { kind: 'adam', decayRate: 0.95, weightDecay: 0 },
  clip: { by: 'element', bound: 5 },
  weightDrop: 0,
  averaging: false,
  records: false,
  dropoutSeed: 1,
} as const;

describe('the graph writer', () => {
  it('writes what a protocol-buffer reader reads back', () => {
    const graph = new Graph();
    const value = { constant: { type: 'float32', shape: [2], values: [1, -0.5] } } as const;
    graph.node('Const', [], { dtype: { type: 'float32' }, value }, { name: 'a' });
    graph.node('Neg', ['a:0'], { T: { type: 'float32' } }, { name: 'b', after: ['a'] });
    const { tags, nodes } = decode(graph.toSavedModel());
    expect(tags).toEqual(['serve']);
    expect(nodes.map(({ name, op, inputList }) => [name, op, inputList])).toEqual([
      ['a', 'Const', []],
      ['b', 'Neg', ['a:0', '^a']],
    ]);
  });

  it('refuses a second node of the same name', () => {
    const graph = new Graph();
    graph.node('NoOp', [], {}, { name: 'a' });
    expect(() => graph.node('NoOp', [], {}, { name: 'a' })).toThrow(/already/);
  });

  const plain: ModelSpec = {
    ...{ model: 'lstm', vocabularySize: 9, rnnSize: 8, numLayers: 3 },
    ...plainModel,
    dropout: 0.5,
  };
  const modern = {
    optimizer: { kind: 'muon', decayRate: 0.95, weightDecay: 0.1 },
    clip: { by: 'norm', bound: 1 },
    weightDrop: 0.3,
    averaging: true,
  } as const;
  const models = cellKinds.flatMap((model): [ModelSpec, NetworkOptions][] => [
    [{ ...plain, model }, options],
    [
      { ...plain, model, layerNorm: true, residual: 'on' },
      { ...options, ...modern },
    ],
  ]);
  it.each(models)('wires every node of %o to nodes that exist', (spec, each) => {
    const plan = planGraph(spec, each, { kind: 'cpu', threads: 8 });
    const graph = buildNetworkGraph(spec, each, plan);
    const { nodes } = decode(graph.savedModel);
    expect(nodes).toHaveLength(graph.nodes);
    const names = new Set(nodes.map((node) => node.name));
    const used = nodes.flatMap((node) => node.inputList.map((input) => input.replace(/^\^|:\d+$/g, '')));
    expect(used.filter((name) => !names.has(name))).toEqual([]);
  });
});
