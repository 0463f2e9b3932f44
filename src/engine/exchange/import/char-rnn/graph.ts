import { isObject, isTable, type T7Object, type T7Table, type T7Value } from '../../t7/values.ts';
import { unknownGraph } from '../refusals.ts';
import type { Expression } from './expressions.ts';
import { compute, dropoutOf, numberOf } from './modules.ts';

/** The outputs of a graph, and its dropout during training. */
export interface ReadGraph {
  readonly inputs: number;
  readonly outputs: readonly Expression[];
  readonly dropout: number;
}

/** 32 layers of an LSTM have about 700 nodes. */
const maxNodes = 4000;

/**
 * Reads an nngraph module (`nn.gModule`) as expressions. Its nodes are ordered so that each follows its inputs; `mapindex` of a node's data lists
 * these, in order.
 * @throws CharloomError('incompatible')
 */
export function readGraph(module: T7Object): ReadGraph {
  const fields = module.className === 'nn.gModule' ? module.fields : null;
  const nodes = fields?.get('forwardnodes') ?? null;
  const inputs = numberOf(fields, 'nInputs');
  if (!isTable(nodes) || inputs === undefined || nodes.entries.size > maxNodes) {
    throw unknownGraph('it is no graph of modules');
  }
  const all = nodes.list().map(dataOf);
  const innode = dataOf(fields?.get('innode') ?? null);
  const outnode = dataOf(fields?.get('outnode') ?? null);
  const results = new Map<T7Value, Expression>([[innode, inputsOf(inputs)]]);
  for (const data of all) {
    if (data !== innode && data !== outnode) results.set(data, evaluate(data, results));
  }
  const modules = all.map((data) => data.get('module')).filter(isObject);
  return {
    inputs,
    outputs: parentsOf(outnode).map((parent) => known(parent, results)),
    dropout: Math.max(0, ...modules.map(dropoutOf)),
  };
}

function inputsOf(count: number): Expression {
  if (count < 2) return { kind: 'input', index: 1 };
  if (count > maxNodes) throw unknownGraph('it has too many inputs');
  const parts = Array.from({ length: count }, (_, index) => ({
    kind: 'input' as const,
    index: index + 1,
  }));
  return { kind: 'several', parts };
}

function evaluate(data: T7Table, results: ReadonlyMap<T7Value, Expression>): Expression {
  const selected = numberOf(data, 'selectindex');
  const inputs = parentsOf(data).map((parent) => {
    const result = known(parent, results);
    if (selected === undefined) return result;
    const part = result.kind === 'several' ? result.parts[selected - 1] : undefined;
    if (part === undefined) throw unknownGraph('a node chooses from what is not there');
    return part;
  });
  const module = data.get('module');
  if (module !== null) return compute(module, inputs);
  const [only, ...more] = inputs;
  if (only === undefined || more.length > 0) throw unknownGraph('a node has no module');
  return only;
}

function known(parent: T7Table, results: ReadonlyMap<T7Value, Expression>): Expression {
  const result = results.get(parent);
  if (result === undefined) throw unknownGraph('its nodes are out of order');
  return result;
}

function parentsOf(data: T7Table): readonly T7Table[] {
  const map = data.get('mapindex');
  return isTable(map) ? map.list().filter(isTable) : [];
}

/** The data of a node: what it computes, and from which nodes. */
function dataOf(node: T7Value): T7Table {
  const data = isObject(node) ? (node.fields?.get('data') ?? null) : null;
  if (!isTable(data)) throw unknownGraph('a node is missing');
  return data;
}
