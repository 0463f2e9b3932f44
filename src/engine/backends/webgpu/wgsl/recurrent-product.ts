import { component, range, repeat } from './kernel.ts';

/**
 * How the product of one time step is cut. A workgroup computes `quads` times four units for rowThreads * rowsEach rows of the batch; depthThreads
 * invocations share each sum, which keeps a card busy although there are few rows.
 */
export interface RecurrentTile {
  readonly quads: number;
  readonly rowThreads: number;
  readonly rowsEach: number;
  readonly depthThreads: number;
  /** Vectors of four of the summed dimension that are held at a time. */
  readonly depth: number;
}

/** The product of the rows of a batch with recurrent weights, within a kernel. */
export interface RecurrentProduct {
  readonly tile: RecurrentTile;
  readonly batchSize: number;
  /** Rows of the batch: the buffer's name, and vectors from row to row. Row 0 is at leftAt. */
  readonly left: { readonly buffer: string; readonly stride: number };
  /** The weights, from rightAt on. Forwards their rows run along the product's columns (extent), backwards along the summed dimension (depth). */
  readonly right: { readonly buffer: string; readonly stride: number; readonly along: 'extent' | 'depth' };
  /** Length of the summed dimension in vectors of four of the left rows. */
  readonly depth: number;
  /** Vectors of the product for four units: forwards as many as the group has gates, backwards one. */
  readonly vectorsPerQuad: number;
}

interface Sizes {
  /** Vectors of the product that a workgroup computes. */
  readonly vectors: number;
  readonly rows: number;
  readonly threads: number;
  /** From row to row in the workgroup's memory; one more than needed, so that neighbours have no bank conflicts. */
  readonly leftStride: number;
  readonly leftLength: number;
  readonly rightStride: number;
  readonly rightLength: number;
}

function sizesOf({ tile, right, vectorsPerQuad }: RecurrentProduct): Sizes {
  const vectors = tile.quads * vectorsPerQuad;
  const rows = tile.rowThreads * tile.rowsEach;
  const leftStride = tile.depth + 1;
  const isForward = right.along === 'extent';
  const rightStride = isForward ? vectors : tile.depth + 1;
  return {
    vectors,
    rows,
    threads: vectors * tile.rowThreads * tile.depthThreads,
    leftStride,
    leftLength: rows * leftStride,
    rightStride,
    rightLength: (isForward ? tile.depth * 4 : vectors * 4) * rightStride,
  };
}

/** Invocations of a workgroup. */
export function recurrentThreads(source: RecurrentProduct): number {
  return sizesOf(source).threads;
}

/** Vectors of the array `tiles`, which holds the tiles and afterwards the partial sums. */
export function tileVectorsOf(source: RecurrentProduct): number {
  const { leftLength, rightLength, vectors, rows } = sizesOf(source);
  return Math.max(leftLength + rightLength, source.tile.depthThreads * rows * vectors);
}

/** Workgroups across the units and down the rows of the batch. */
export function recurrentGrid(source: RecurrentProduct, units: number): readonly [number, number] {
  return [units / 4 / source.tile.quads, Math.ceil(source.batchSize / sizesOf(source).rows)];
}

/**
 * Code that leaves the partial sums in `tiles`. Needs leftAt, rightAt and depthEnd (vectors of the summed dimension, 0 for no product at all);
 * sets firstRow and firstQuad.
 */
export function multiplyRecurrent(source: RecurrentProduct): string {
  const { tile } = source;
  const { vectors, rows } = sizesOf(source);
  return `
let firstQuad = group.x * ${tile.quads}u;
let firstRow = group.y * ${rows}u;
let myVector = lane % ${vectors}u;
let myRow = (lane / ${vectors}u) % ${tile.rowThreads}u;
let myDepth = lane / ${vectors * tile.rowThreads}u;
${registers(source)}
${repeat(tile.rowsEach, (row) => `var sum${row} = vec4f();`)}
${loadTiles(source, '0u')}
for (var k0 = 0u; k0 < depthEnd; k0 += ${tile.depth}u) {
workgroupBarrier();
${keepTiles(source)}
workgroupBarrier();
let next = k0 + ${tile.depth}u;
if (next < depthEnd) {
${loadTiles(source, 'next')}
}
for (var q = myDepth; q < ${tile.depth}u; q += ${tile.depthThreads}u) {
${addVectors(source)}
}
}
workgroupBarrier();
${repeat(tile.rowsEach, (row) => `tiles[(myDepth * ${rows}u + myRow + ${row * tile.rowThreads}u) * ${vectors}u + myVector] = sum${row};`)}
workgroupBarrier();`;
}

/** One share of the loads, written out: which elements a workgroup needs, and how each is read and kept. */
interface Share {
  readonly register: 'left' | 'right';
  readonly total: number;
  load(element: string, from: string): string;
  /** Place in `tiles`. */
  place(element: string): string;
}

function sharesOf(source: RecurrentProduct): readonly Share[] {
  const { tile, left, right, depth, batchSize } = source;
  const { leftStride, leftLength, rightStride, vectors, rows } = sizesOf(source);
  const isWhole = depth % tile.depth === 0;
  const vector = (element: string, from: string): string => `${from} + ${element} % ${tile.depth}u`;
  const within = (address: (k: string) => string, k: string): string =>
    isWhole ? address(k) : `select(vec4f(), ${address(`min(${k}, ${depth - 1}u)`)}, ${k} < ${depth}u)`;
  const leftShare: Share = {
    register: 'left',
    total: rows * tile.depth,
    load: (element, from) =>
      within(
        (k) =>
          `${left.buffer}[leftAt + min(firstRow + ${element} / ${tile.depth}u, ${batchSize - 1}u) * ${left.stride}u + ${k}]`,
        vector(element, from),
      ),
    place: (element) => `(${element} / ${tile.depth}u) * ${leftStride}u + ${element} % ${tile.depth}u`,
  };
  if (right.along === 'extent') {
    const column = (element: string): string =>
      `firstQuad * ${source.vectorsPerQuad}u + ${element} % ${vectors}u`;
    return [
      leftShare,
      {
        register: 'right',
        total: tile.depth * 4 * vectors,
        load: (element, from) =>
          `${right.buffer}[rightAt + min(${from} * 4u + ${element} / ${vectors}u, ${depth * 4 - 1}u) * ${right.stride}u + ${column(element)}]`,
        place: (element) => `${leftLength}u + ${element}`,
      },
    ];
  }
  return [
    leftShare,
    {
      register: 'right',
      total: vectors * 4 * tile.depth,
      load: (element, from) =>
        within(
          (k) =>
            `${right.buffer}[rightAt + (firstQuad * 4u + ${element} / ${tile.depth}u) * ${right.stride}u + ${k}]`,
          vector(element, from),
        ),
      // The four units of a quad are stored apart, so that neighbouring invocations read neighbouring rows.
      place: (element) => {
        const unit = `(${element} / ${tile.depth}u)`;
        return `${leftLength}u + ((${unit} % 4u) * ${vectors}u + ${unit} / 4u) * ${rightStride}u + ${element} % ${tile.depth}u`;
      },
    },
  ];
}

function forEachLoad(
  source: RecurrentProduct,
  write: (share: Share, index: number, element: string) => string,
): string {
  const { threads } = sizesOf(source);
  return sharesOf(source)
    .map((share) =>
      repeat(Math.ceil(share.total / threads), (index) => {
        const element = `(lane + ${index * threads}u)`;
        const guard = (index + 1) * threads > share.total ? `if (${element} < ${share.total}u) ` : '';
        return `${guard}{ ${write(share, index, element)} }`;
      }),
    )
    .join('\n');
}

/** One variable for each vector that an invocation loads: drivers keep those in registers, which not all do with arrays. */
function registers(source: RecurrentProduct): string {
  const { threads } = sizesOf(source);
  return sharesOf(source)
    .map(({ register, total }) =>
      repeat(Math.ceil(total / threads), (index) => `var ${register}${index}: vec4f;`),
    )
    .join('\n');
}

function loadTiles(source: RecurrentProduct, from: string): string {
  return forEachLoad(
    source,
    (share, index, element) => `${share.register}${index} = ${share.load(element, from)};`,
  );
}

function keepTiles(source: RecurrentProduct): string {
  return forEachLoad(
    source,
    (share, index, element) => `tiles[${share.place(element)}] = ${share.register}${index};`,
  );
}

function addVectors(source: RecurrentProduct): string {
  const { tile, right } = source;
  const { leftStride, leftLength, rightStride, vectors } = sizesOf(source);
  const weight = (index: number): string =>
    right.along === 'extent'
      ? `tiles[${leftLength}u + (q * 4u + ${index}u) * ${rightStride}u + myVector]`
      : `tiles[${leftLength}u + (${index * vectors}u + myVector) * ${rightStride}u + q]`;
  const added = (sum: string): string =>
    right.along === 'extent'
      ? range(4).reduce((inner, k) => `fma(vec4f(a.${component(k)}), w${k}, ${inner})`, sum)
      : `${sum} + vec4f(dot(a, w0), dot(a, w1), dot(a, w2), dot(a, w3))`;
  return `${repeat(4, (index) => `let w${index} = ${weight(index)};`)}
${repeat(tile.rowsEach, (row) => `{ let a = tiles[(myRow + ${row * tile.rowThreads}u) * ${leftStride}u + q]; sum${row} = ${added(`sum${row}`)}; }`)}`;
}

/** An expression for one vector of the product, its parts added in a fixed order. `row` counts within the workgroup. */
export function recurrentSum(source: RecurrentProduct, row: string, vector: string): string {
  const { vectors, rows } = sizesOf(source);
  return repeat(
    source.tile.depthThreads,
    (part) => `tiles[(${part * rows}u + ${row}) * ${vectors}u + ${vector}]`,
    ' + ',
  );
}

/**
 * Runs `code` once for every row and four units of the workgroup. It can use `local` (the row within the workgroup), `row`, `quadOfGroup` (within the
 * workgroup) and `quad` (of the layer).
 */
export function forEachQuad(source: RecurrentProduct, code: string): string {
  const { tile, batchSize } = source;
  const { rows, threads } = sizesOf(source);
  return `for (var each = lane; each < ${rows * tile.quads}u; each += ${threads}u) {
let local = each / ${tile.quads}u;
let row = firstRow + local;
let quadOfGroup = each % ${tile.quads}u;
let quad = firstQuad + quadOfGroup;
if (row < ${batchSize}u) {
${code}
}
}`;
}
