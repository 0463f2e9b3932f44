import type { CellKind } from '../../../../shared/domain/cells.ts';
import { other, pairOf, isInput, type Expression } from './expressions.ts';

type Linear = Extract<Expression, { kind: 'linear' }>;

/** Where the rows of one gate are. */
export interface FoundGate {
  /** The linear layers that read the layer's input and its state. */
  readonly fromInput: Linear;
  readonly fromState: Linear;
  /** Its first row in both. */
  readonly start: number;
  /** Number of rows; undefined: all of them. */
  readonly count: number | undefined;
}

export interface FoundLayer {
  /** In the order of Charloom's rows. */
  readonly gates: readonly FoundGate[];
  /** The layer's output. */
  readonly output: Expression;
}

/** The context of a layer in the graph. */
export interface Surroundings {
  readonly isInput: (expression: Expression) => boolean;
  /** Index of the graph's input that holds the first of the layer's states. */
  readonly firstState: number;
  /** The new states. */
  readonly next: readonly Expression[];
}

interface CellPattern {
  readonly model: CellKind;
  /** In char-rnn's order; LSTM: c, then h. */
  readonly states: number;
  readonly find: (around: Surroundings) => FoundLayer | undefined;
}

/** Patterns of char-rnn's cells. */
export const cellPatterns: readonly CellPattern[] = [
  { model: 'lstm', states: 2, find: findLstm },
  { model: 'gru', states: 1, find: findGru },
  { model: 'rnn', states: 1, find: findRnn },
];

/** c' = f c + i g, h' = o tanh(c'). */
function findLstm({ isInput: isX, firstState, next: [c, h] }: Surroundings): FoundLayer | undefined {
  if (c === undefined || h?.kind !== 'product') return undefined;
  const isState = (index: number) => (term: Expression) => isInput(term, index);
  const o = other(h.terms, (term) => term.kind === 'tanh' && term.of === c);
  const terms = pairOf(c, 'sum');
  const kept = terms?.find((term) => term.kind === 'product' && term.terms.some(isState(firstState)));
  const added = terms?.find((term) => term !== kept);
  if (kept?.kind !== 'product' || added?.kind !== 'product') return undefined;
  const f = other(kept.terms, isState(firstState));
  const g = added.terms.find((term) => activationOf(term) === 'tanh');
  const i = other(added.terms, (term) => term === g);
  const gates = [i, f, o, g].map((gate, index) =>
    findGate(gate, index === 3 ? 'tanh' : 'sigmoid', isX, isState(firstState + 1)),
  );
  return complete(gates, h);
}

/** n = tanh(Wx + U(r h)), h' = z n + (1 - z) h. */
function findGru({ isInput: isX, firstState, next: [h] }: Surroundings): FoundLayer | undefined {
  const isState = (term: Expression): boolean => isInput(term, firstState);
  const terms = pairOf(h, 'sum');
  const kept = terms?.find((term) => term.kind === 'product' && term.terms.some(isState));
  const added = terms?.find((term) => term !== kept);
  if (h === undefined || kept?.kind !== 'product' || added?.kind !== 'product') return undefined;
  const z = complementOf(other(kept.terms, isState));
  const n = z === undefined ? undefined : other(added.terms, (term) => term === z);
  let r: Expression | undefined;
  const isReset = (term: Expression): boolean => {
    const gate = term.kind === 'product' ? other(term.terms, isState) : undefined;
    r ??= gate;
    return gate !== undefined;
  };
  const candidate = findGate(n, 'tanh', isX, isReset);
  return complete([findGate(z, 'sigmoid', isX, isState), findGate(r, 'sigmoid', isX, isState), candidate], h);
}

/** h' = tanh(Wx + Uh). */
function findRnn({ isInput: isX, firstState, next: [h] }: Surroundings): FoundLayer | undefined {
  if (h === undefined) return undefined;
  return complete([findGate(h, 'tanh', isX, (term) => isInput(term, firstState))], h);
}

function complete(gates: readonly (FoundGate | undefined)[], output: Expression): FoundLayer | undefined {
  const found = gates.filter((gate) => gate !== undefined);
  return found.length === gates.length ? { gates: found, output } : undefined;
}

/** z, if the expression is 1 - z. */
function complementOf(expression: Expression | undefined): Expression | undefined {
  let [factor, offset] = [1, 0];
  let inner = expression;
  for (let depth = 0; inner?.kind === 'scaled' && depth < 4; depth++) {
    // factor * (a x + b) + offset
    [factor, offset] = [factor * inner.factor, factor * inner.offset + offset];
    inner = inner.of;
  }
  return factor === -1 && offset === 1 ? inner : undefined;
}

/** A gate: an activation of rows of a sum, or rows of an activation of the sum. */
function findGate(
  gate: Expression | undefined,
  activation: 'sigmoid' | 'tanh',
  isX: (term: Expression) => boolean,
  isState: (term: Expression) => boolean,
): FoundGate | undefined {
  const { found, start, count, inner } = stripRows(gate);
  const terms = pairOf(inner, 'sum');
  if (found !== activation || terms === undefined) return undefined;
  const linear = terms.filter((term) => term.kind === 'linear');
  const fromInput = linear.find(({ of }) => isX(of));
  const fromState = linear.find((term) => term !== fromInput && isState(term.of));
  return fromInput === undefined || fromState === undefined
    ? undefined
    : { fromInput, fromState, start, count };
}

function activationOf(expression: Expression): string | undefined {
  return stripRows(expression).found;
}

/** The expression below activations and row selections; `found` is the one activation among them. */
function stripRows(expression: Expression | undefined): {
  readonly found: 'sigmoid' | 'tanh' | undefined;
  readonly start: number;
  readonly count: number | undefined;
  readonly inner: Expression | undefined;
} {
  let found: 'sigmoid' | 'tanh' | undefined;
  let start = 0;
  let count: number | undefined;
  let inner = expression;
  while (inner?.kind === 'rows' || inner?.kind === 'sigmoid' || inner?.kind === 'tanh') {
    if (inner.kind === 'rows') {
      start += inner.start;
      count ??= inner.count;
    } else if (found === undefined) found = inner.kind;
    else return { found: undefined, start, count, inner };
    inner = inner.of;
  }
  return { found, start, count, inner };
}
