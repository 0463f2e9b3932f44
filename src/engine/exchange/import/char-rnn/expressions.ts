import type { T7Table } from '../../t7/values.ts';

/**
 * What a node of a graph computes, as far as the networks of char-rnn need it. Equal objects are the same node: a network is recognised by its
 * data flow, never by the order of its nodes, so that all four layouts of 2015 are read alike.
 */
export type Expression =
  /** An input of the graph, from 1. */
  | { readonly kind: 'input'; readonly index: number }
  | { readonly kind: 'one-hot'; readonly of: Expression }
  /** weight * x + bias, the fields of an nn.Linear. */
  | { readonly kind: 'linear'; readonly fields: T7Table; readonly of: Expression }
  | { readonly kind: 'sum' | 'product'; readonly terms: readonly Expression[] }
  | { readonly kind: 'sigmoid' | 'tanh' | 'log-softmax'; readonly of: Expression }
  /** Units from `start` on, `count` of them. */
  | { readonly kind: 'rows'; readonly start: number; readonly count: number; readonly of: Expression }
  /** factor * x + offset */
  | { readonly kind: 'scaled'; readonly factor: number; readonly offset: number; readonly of: Expression }
  /** A vector reshaped into a matrix of `rows` by `columns`. */
  | { readonly kind: 'folded'; readonly rows: number; readonly columns: number; readonly of: Expression }
  /** Several outputs, from which later nodes select. */
  | { readonly kind: 'several'; readonly parts: readonly Expression[] };

/** The other term of a pair; undefined if there is no pair or neither term matches. */
export function other(
  terms: readonly Expression[],
  isThis: (term: Expression) => boolean,
): Expression | undefined {
  const [first, second, ...more] = terms;
  if (first === undefined || second === undefined || more.length > 0) return undefined;
  if (isThis(first)) return second;
  return isThis(second) ? first : undefined;
}

/** The two terms of a sum or product. */
export function pairOf(
  expression: Expression | undefined,
  kind: 'sum' | 'product',
): readonly [Expression, Expression] | undefined {
  if (expression?.kind !== kind) return undefined;
  const [first, second, ...more] = expression.terms;
  return first === undefined || second === undefined || more.length > 0 ? undefined : [first, second];
}

/** Whether an expression is this input of the graph. */
export function isInput(expression: Expression | undefined, index: number): boolean {
  return expression?.kind === 'input' && expression.index === index;
}
