import { component, kernel, range, repeat, type Binding, type Kernel } from './kernel.ts';

/** How a product is cut: what a workgroup computes, in steps of `depth` of the summed dimension, and how much of it each invocation does. */
export interface Tile {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  readonly threadRows: number;
  readonly threadColumns: number;
}

/** One of the two matrices that are multiplied. */
export interface Operand {
  /** Name of a binding of vec4f. */
  readonly buffer: string;
  /** Vectors from one row of its memory to the next. */
  readonly stride: number;
  /** What runs along a row of its memory: the summed dimension, or the product's rows (left) or columns (right). */
  readonly along: 'depth' | 'extent';
}

/**
 * C[row][column] = sum over k of left(row, k) * right(k, column). There are three forms: weights times activations (left along depth, right along
 * extent), gradients times transposed weights (both along depth), activations times gradients (both along extent).
 */
export interface Product {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  /** Length of the summed dimension, a multiple of 4 where an operand runs along it. */
  readonly depth: number;
  readonly left: Operand;
  readonly right: Operand;
  readonly tile: Tile;
  readonly bindings: readonly Binding[];
  readonly declarations?: string;
  /**
   * Sets leftAt and rightAt (the starts of the operands, in vectors), and, where they differ from the whole, rowLimit, depthBegin and depthEnd.
   * group.x and group.y count tiles of columns and rows; group.z is free.
   */
  readonly head: string;
  /** Stores a value; `column` counts vectors of four where the right operand runs along extent, else single columns. */
  store(row: string, column: string, value: string): string;
}

/** One operand's share of the loads, and its tile in the workgroup's memory. */
interface Side {
  readonly name: 'left' | 'right';
  readonly operand: Operand;
  /** Rows or columns of the product, and of a tile. */
  readonly extent: number;
  readonly limit: string;
  readonly tileExtent: number;
  readonly group: 'group.x' | 'group.y';
  readonly depth: number;
  readonly tileDepth: number;
}

interface Threads {
  readonly across: number;
  readonly down: number;
  readonly count: number;
}

function threadsOf({ rows, columns, threadRows, threadColumns }: Tile): Threads {
  const across = columns / threadColumns;
  const down = rows / threadRows;
  return { across, down, count: across * down };
}

function sidesOf({ left, right, rows, columns, depth, tile }: Product): readonly [Side, Side] {
  const common = { depth, tileDepth: tile.depth };
  return [
    {
      ...common,
      name: 'left',
      operand: left,
      extent: rows,
      limit: 'rowLimit',
      tileExtent: tile.rows,
      group: 'group.y',
    },
    {
      ...common,
      name: 'right',
      operand: right,
      extent: columns,
      limit: `${columns}u`,
      tileExtent: tile.columns,
      group: 'group.x',
    },
  ];
}

/** Vectors of a tile, and from one of its rows to the next. A row along depth has one more, so that neighbours have no bank conflicts. */
function tileMemory({ operand, tileExtent, tileDepth }: Side): { length: number; stride: number } {
  if (operand.along === 'depth') {
    const stride = tileDepth / 4 + 1;
    return { length: tileExtent * stride, stride };
  }
  return { length: (tileDepth * tileExtent) / 4, stride: tileExtent / 4 };
}

/** Vectors that a tile holds, without the additional ones. */
function tileVectors({ tileExtent, tileDepth }: Side): number {
  return (tileExtent * tileDepth) / 4;
}

/** The shader of a product. */
export function product(source: Product): Kernel {
  const threads = threadsOf(source.tile);
  const sides = sidesOf(source);
  const loads = (from: string): string => sides.map((side) => loadTile(side, threads, from)).join('\n');
  const { tile, depth, rows } = source;
  return kernel({
    name: source.name,
    bindings: source.bindings,
    threads: threads.count,
    memory: sides.map((side) => ({
      name: `${side.name}Tile`,
      element: 'vec4f',
      length: tileMemory(side).length,
    })),
    ...(source.declarations === undefined ? {} : { declarations: source.declarations }),
    body: `
var rowLimit = ${rows}u; var depthBegin = 0u; var depthEnd = ${depth}u; var leftAt = 0u; var rightAt = 0u;
let across = lane % ${threads.across}u; let down = lane / ${threads.across}u;
${source.head}
${sides.map((side) => registers(side, threads)).join('\n')}
${sumDeclarations(source)}
${loads('depthBegin')}
for (var k0 = depthBegin; k0 < depthEnd; k0 += ${tile.depth}u) {
workgroupBarrier();
${sides.map((side) => keepTile(side, threads)).join('\n')}
workgroupBarrier();
let next = k0 + ${tile.depth}u;
if (next < depthEnd) {
${loads('next')}
}
${addTile(source, sides, threads)}
}
${storeSums(source, threads)}`,
  });
}

/** One variable for each vector that an invocation loads: drivers keep those in registers, which not all do with arrays. */
function registers(side: Side, { count }: Threads): string {
  return repeat(Math.ceil(tileVectors(side) / count), (index) => `var ${side.name}${index}: vec4f;`);
}

/**
 * Reads this invocation's share of the next tile into registers. Beyond the matrix it reads zeros along depth, and values that are never stored along
 * extent.
 */
function loadTile(side: Side, { count }: Threads, from: string): string {
  const { operand, extent, limit, tileExtent, tileDepth, depth, group, name } = side;
  const total = tileVectors(side);
  return repeat(Math.ceil(total / count), (index) => {
    const element = `(lane + ${index * count}u)`;
    const target = `${name}${index}`;
    const guard = (index + 1) * count > total ? `if (${element} < ${total}u) ` : '';
    const at = `${name}At`;
    if (operand.along === 'depth') {
      const vectors = tileDepth / 4;
      const place = `${group} * ${tileExtent}u + ${element} / ${vectors}u`;
      const row = extent % tileExtent === 0 && name === 'right' ? place : `min(${place}, ${limit} - 1u)`;
      const k4 = `${from} / 4u + ${element} % ${vectors}u`;
      const value = `${operand.buffer}[${at} + (${row}) * ${operand.stride}u + `;
      if (depth % tileDepth === 0) return `${guard}{ ${target} = ${value}${k4}]; }`;
      const last = depth / 4 - 1;
      return `${guard}{ let k4 = ${k4}; ${target} = select(vec4f(), ${value}min(k4, ${last}u)], k4 <= ${last}u); }`;
    }
    const vectors = tileExtent / 4;
    const place = `${group} * ${vectors}u + ${element} % ${vectors}u`;
    const column = extent % tileExtent === 0 ? place : `min(${place}, ${extent / 4 - 1}u)`;
    const value = `${operand.buffer}[${at} + min(k, depthEnd - 1u) * ${operand.stride}u + ${column}]`;
    return `${guard}{ let k = ${from} + ${element} / ${vectors}u; ${target} = select(vec4f(), ${value}, k < depthEnd); }`;
  });
}

function keepTile(side: Side, { count }: Threads): string {
  const total = tileVectors(side);
  const { stride } = tileMemory(side);
  const perRow = side.operand.along === 'depth' ? side.tileDepth / 4 : side.tileExtent / 4;
  return repeat(Math.ceil(total / count), (index) => {
    const element = `(lane + ${index * count}u)`;
    const guard = (index + 1) * count > total ? `if (${element} < ${total}u) ` : '';
    const place = `(${element} / ${perRow}u) * ${stride}u + ${element} % ${perRow}u`;
    return `${guard}{ ${side.name}Tile[${place}] = ${side.name}${index}; }`;
  });
}

/** Whether a sum is a vector of four columns or a single one. */
function sumsAreVectors({ right }: Product): boolean {
  return right.along === 'extent';
}

function sumColumns(source: Product): number {
  return source.tile.threadColumns / (sumsAreVectors(source) ? 4 : 1);
}

function forEachSum(source: Product, write: (row: number, column: number) => string): string {
  return range(source.tile.threadRows)
    .flatMap((row) => range(sumColumns(source)).map((column) => write(row, column)))
    .join('\n');
}

function sumDeclarations(source: Product): string {
  const zero = sumsAreVectors(source) ? 'vec4f()' : '0f';
  return forEachSum(source, (row, column) => `var sum${row}_${column} = ${zero};`);
}

function addTile(source: Product, [left, right]: readonly [Side, Side], threads: Threads): string {
  const { tile } = source;
  const leftStride = tileMemory(left).stride;
  const rightStride = tileMemory(right).stride;
  const leftRow = (row: number): string => `leftTile[(down + ${row * threads.down}u) * ${leftStride}u + q]`;
  const leftColumns = (row: number): string => `leftTile[q * ${leftStride}u + down + ${row * threads.down}u]`;
  const rightColumns = (k: string, column: number): string =>
    `rightTile[(${k}) * ${rightStride}u + across + ${column * threads.across}u]`;
  const fma = (row: number, column: number, factor: string): string =>
    `sum${row}_${column} = fma(vec4f(${factor}), b${column}, sum${row}_${column});`;
  if (source.left.along === 'extent') {
    return `for (var q = 0u; q < ${tile.depth}u; q++) {
${repeat(tile.threadRows / 4, (row) => `let a${row} = ${leftColumns(row)};`)}
${repeat(sumColumns(source), (column) => `let b${column} = ${rightColumns('q', column)};`)}
${forEachSum(source, (row, column) => fma(row, column, `a${Math.floor(row / 4)}.${component(row % 4)}`))}
}`;
  }
  const rows = repeat(tile.threadRows, (row) => `let a${row} = ${leftRow(row)};`);
  const inner = sumsAreVectors(source)
    ? repeat(
        4,
        (
          k,
        ) => `{ ${repeat(sumColumns(source), (column) => `let b${column} = ${rightColumns(`q * 4u + ${k}u`, column)};`)}
${forEachSum(source, (row, column) => fma(row, column, `a${row}.${component(k)}`))} }`,
      )
    : repeat(
        tile.threadColumns,
        (column) => `{ let b = rightTile[(across + ${column * threads.across}u) * ${rightStride}u + q];
${repeat(tile.threadRows, (row) => addDot(`sum${row}_${column}`, `a${row}`))} }`,
      );
  return `for (var q = 0u; q < ${tile.depth / 4}u; q++) {\n${rows}\n${inner}\n}`;
}

function addDot(sum: string, a: string): string {
  return `${sum} = fma(${a}.w, b.w, fma(${a}.z, b.z, fma(${a}.y, b.y, fma(${a}.x, b.x, ${sum}))));`;
}

function storeSums(source: Product, threads: Threads): string {
  const { tile } = source;
  const columns = sumsAreVectors(source) ? tile.columns / 4 : tile.columns;
  const columnLimit = sumsAreVectors(source) ? source.columns / 4 : source.columns;
  const rowOf = (row: number): string =>
    source.left.along === 'extent'
      ? `(down + ${Math.floor(row / 4) * threads.down}u) * 4u + ${row % 4}u`
      : `down + ${row * threads.down}u`;
  return forEachSum(
    source,
    (row, column) => `{ let row = group.y * ${tile.rows}u + ${rowOf(row)};
let column = group.x * ${columns}u + across + ${column * threads.across}u;
if (row < rowLimit && column < ${columnLimit}u) { ${source.store('row', 'column', `sum${row}_${column}`)} } }`,
  );
}

/** Workgroups of a product, without the free third dimension. */
export function productGrid({ rows, columns, tile }: Product): readonly [number, number] {
  return [Math.ceil(columns / tile.columns), Math.ceil(rows / tile.rows)];
}
