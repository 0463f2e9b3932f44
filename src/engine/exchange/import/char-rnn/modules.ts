import { isStorage, isTable, T7Table, type T7Object, type T7Value } from '../../t7/values.ts';
import { oldDropout, unknownGraph } from '../refusals.ts';
import type { Expression } from './expressions.ts';

type Compute = (inputs: readonly Expression[], fields: T7Table) => Expression | undefined;

/** What each module that char-rnn has used computes; undefined if it is used in another way. */
const modules: Readonly<Record<string, Compute>> = {
  'nn.Identity': ([of]) => of,
  'nn.Copy': ([of]) => of,
  'nn.Dropout': ([of], fields) => {
    if (fields.get('v2') !== true && numberOf(fields, 'p') !== 0) throw oldDropout();
    return of;
  },
  OneHot: ([of]) => of && { kind: 'one-hot', of },
  'nn.Linear': ([of], fields) => of && { kind: 'linear', fields, of },
  'nn.CAddTable': (terms) => ({ kind: 'sum', terms }),
  'nn.CMulTable': (terms) => ({ kind: 'product', terms }),
  'nn.Sigmoid': ([of]) => of && { kind: 'sigmoid', of },
  'nn.Tanh': ([of]) => of && { kind: 'tanh', of },
  'nn.LogSoftMax': ([of]) => of && { kind: 'log-softmax', of },
  'nn.MulConstant': ([of], fields) => {
    const factor = numberOf(fields, 'constant_scalar');
    return of && factor !== undefined ? { kind: 'scaled', factor, offset: 0, of } : undefined;
  },
  'nn.AddConstant': ([of], fields) => {
    const offset = numberOf(fields, 'constant_scalar');
    return of && offset !== undefined ? { kind: 'scaled', factor: 1, offset, of } : undefined;
  },
  'nn.Narrow': ([of], fields) => {
    const [index, count] = [numberOf(fields, 'index'), numberOf(fields, 'length')];
    if (of === undefined || numberOf(fields, 'dimension') !== 2) return undefined;
    return index !== undefined && count !== undefined
      ? { kind: 'rows', start: index - 1, count, of }
      : undefined;
  },
  'nn.Reshape': ([of], fields) => {
    const size = fields.get('size');
    if (of === undefined || !isStorage(size) || size.count !== 2) return undefined;
    return { kind: 'folded', rows: size.at(0), columns: size.at(1), of };
  },
  'nn.SplitTable': ([folded], fields) => {
    if (folded?.kind !== 'folded' || numberOf(fields, 'dimension') !== 2) return undefined;
    const { rows, columns: count, of } = folded;
    if (!(rows >= 1 && rows <= maxParts)) return undefined;
    const parts = Array.from({ length: rows }, (_, row) => ({
      ...({ kind: 'rows', start: row * count, count, of } as const),
    }));
    return { kind: 'several', parts };
  },
};

/** An LSTM has four gates. */
const maxParts = 16;

/**
 * What a module computes from its inputs when the model writes.
 * @throws CharloomError('incompatible')
 */
export function compute(module: T7Value, inputs: readonly Expression[]): Expression {
  const { className, fields } = moduleOf(module);
  const known = Object.hasOwn(modules, className) ? modules[className] : undefined;
  const result = known?.(inputs, fields);
  if (result === undefined) throw unknownGraph(`it uses ${nameOf(className)} in a way of its own`);
  return result;
}

function moduleOf(module: T7Value): { readonly className: string; readonly fields: T7Table } {
  const object = typeof module === 'object' && module !== null && module.kind === 'object' ? module : null;
  if (object === null) throw unknownGraph('a part of it is missing');
  return { className: object.className, fields: object.fields ?? new T7Table() };
}

/** The probability of a dropout module; 0 for any other. */
export function dropoutOf({ className, fields }: T7Object): number {
  return className === 'nn.Dropout' ? (numberOf(fields, 'p') ?? 0) : 0;
}

/** A number in a table; undefined for anything else. */
export function numberOf(table: T7Value, key: T7Value): number | undefined {
  const value = isTable(table) ? table.get(key) : null;
  return typeof value === 'number' ? value : undefined;
}

/** The name of a class, safe to display. */
function nameOf(className: string): string {
  return /^[\w.]{1,60}$/.test(className) ? className : 'a module';
}
