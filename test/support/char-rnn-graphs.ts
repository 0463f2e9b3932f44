import { elementCount, parameterShapes } from '../../src/shared/domain/model-tensors.ts';
import { plainModel, type ModelSpec } from '../../src/shared/domain/model-spec.ts';
import { randomNumbers } from './networks.ts';
import { listed, named, object, T7Writer, type Written } from './t7-writer.ts';

/** A node of an nngraph module: what it computes, and the data of those that it takes its inputs from. */
type Node = Written & object;

/** Builds an nn.gModule as nngraph does. */
export class GraphBuilder {
  readonly #nodes: Node[] = [];
  readonly #innode = this.#node({});
  readonly #inputs: number;

  constructor(inputs: number) {
    this.#inputs = inputs;
  }

  input(index: number): Node {
    return this.#node({
      module: object('nn.Identity'),
      mapindex: listed([this.#innode]),
      selectindex: index,
    });
  }

  apply(module: Written, ...parents: readonly Node[]): Node {
    return this.#node({ module, mapindex: listed(parents) });
  }

  /** One of several outputs. */
  select(parent: Node, index: number): Node {
    return this.#node({ mapindex: listed([parent]), selectindex: index });
  }

  finish(outputs: readonly Node[]): Written {
    const outnode = named({ mapindex: listed(outputs) });
    const wrap = (data: Written): Written => object('nngraph.Node', { data });
    return object('nn.gModule', {
      nInputs: this.#inputs,
      innode: wrap(this.#innode),
      outnode: wrap(outnode),
      forwardnodes: listed([...this.#nodes, outnode].map(wrap)),
    });
  }

  #node(fields: Readonly<Record<string, Written>>): Node {
    const data = named(fields) as Node;
    this.#nodes.push(data);
    return data;
  }
}

/** The vocabulary of these files: its symbols are not in the order of their codes. */
export const graphVocabulary = 'cab e';

export function graphSpec(model: ModelSpec['model'], numLayers: number): ModelSpec {
  return { ...plainModel, model, rnnSize: 3, numLayers, vocabularySize: graphVocabulary.length };
}

/** Random parameters in the file's order of symbols. */
export function graphParameters(spec: ModelSpec): ReadonlyMap<string, readonly number[]> {
  const random = randomNumbers(5);
  return new Map(
    parameterShapes(spec).map(({ name, shape }) => [
      name,
      Array.from({ length: elementCount(shape) }, () => Math.fround(random() * 2 - 1)),
    ]),
  );
}

export function linear(weight: readonly number[], bias: readonly number[]): Written {
  const columns = weight.length / bias.length;
  return object('nn.Linear', {
    weight: { shape: [bias.length, columns], numbers: weight },
    bias: { shape: [bias.length], numbers: bias },
  });
}

/** How an LSTM of char-rnn cuts its gates out of one sum. */
export type LstmLayout = 'narrow' | 'reshape' | 'narrow, candidate first';

/** Layer of an LSTM as char-rnn's LSTM.lua builds it. */
function lstmLayer(
  graph: GraphBuilder,
  parameters: ReadonlyMap<string, readonly number[]>,
  layer: number,
  { x, layout }: { readonly x: Node; readonly layout: LstmLayout },
): readonly [c: Node, h: Node] {
  const units = 3;
  const [prevC, prevH] = [graph.input(2 + 2 * layer), graph.input(3 + 2 * layer)];
  const read = (name: string): readonly number[] => {
    const numbers = parameters.get(`layers.${layer}.${name}`) ?? [];
    const block = numbers.length / 4;
    // Charloom's rows are i, f, o, g; a file may have others.
    return layout === 'narrow, candidate first'
      ? [...numbers.slice(3 * block), ...numbers.slice(0, 3 * block)]
      : numbers;
  };
  const toH = graph.apply(linear(read('wh'), read('bh')), prevH);
  const toX = graph.apply(linear(read('wx'), read('bx')), x);
  const sums = graph.apply(object('nn.CAddTable'), toH, toX);
  const narrow = (start: number, count: number, of: Node): Node =>
    graph.apply(object('nn.Narrow', { dimension: 2, index: start + 1, length: count }), of);
  const [sigmoid, tanh] = [object('nn.Sigmoid'), object('nn.Tanh')];
  const gates = (): readonly [Node, Node, Node, Node] => {
    if (layout === 'reshape') {
      const folded = graph.apply(object('nn.Reshape', { size: { sizes: [4, units] } }), sums);
      const split = graph.apply(object('nn.SplitTable', { dimension: 2 }), folded);
      const [i, f, o, g] = [1, 2, 3, 4].map((index) => graph.select(split, index)) as [
        Node,
        Node,
        Node,
        Node,
      ];
      return [
        graph.apply(sigmoid, i),
        graph.apply(sigmoid, f),
        graph.apply(sigmoid, o),
        graph.apply(tanh, g),
      ];
    }
    const first = layout === 'narrow' ? 0 : units;
    const chunk = graph.apply(sigmoid, narrow(first, 3 * units, sums));
    const candidate = narrow(layout === 'narrow' ? 3 * units : 0, units, sums);
    return [
      narrow(0, units, chunk),
      narrow(units, units, chunk),
      narrow(2 * units, units, chunk),
      graph.apply(tanh, candidate),
    ];
  };
  const [i, f, o, g] = gates();
  const product = object('nn.CMulTable');
  const c = graph.apply(object('nn.CAddTable'), graph.apply(product, f, prevC), graph.apply(product, i, g));
  return [c, graph.apply(product, o, graph.apply(tanh, c))];
}

/** A checkpoint of char-rnn of 2015 with an LSTM of two layers; `between` stands on the way from one to the next. */
export function lstmFile(layout: LstmLayout, between: Written = object('nn.Identity')): Buffer {
  const spec = graphSpec('lstm', 2);
  const parameters = graphParameters(spec);
  const graph = new GraphBuilder(5);
  const symbol = graph.apply(object('OneHot'), graph.input(1));
  const [c1, h1] = lstmLayer(graph, parameters, 0, { x: symbol, layout });
  const [c2, h2] = lstmLayer(graph, parameters, 1, { x: graph.apply(between, h1), layout });
  return charRnnFile(graph.finish([c1, h1, c2, h2, decoder(graph, parameters, h2)]));
}

export function decoder(
  graph: GraphBuilder,
  parameters: ReadonlyMap<string, readonly number[]>,
  top: Node,
): Node {
  const projected = graph.apply(
    linear(parameters.get('decoder.w') ?? [], parameters.get('decoder.b') ?? []),
    top,
  );
  return graph.apply(object('nn.LogSoftMax'), projected);
}

export function charRnnFile(rnn: Written, more: Readonly<Record<string, Written>> = {}): Buffer {
  const vocab = { table: Array.from(graphVocabulary, (symbol, index) => [symbol, index + 1] as const) };
  return T7Writer.file(named({ protos: named({ rnn }), vocab, opt: named({}), ...more }));
}
