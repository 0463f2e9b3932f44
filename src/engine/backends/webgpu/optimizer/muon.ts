import { muonRateRatio } from '../../../../shared/domain/optimizers.ts';
import type { Design } from '../design.ts';
import { dispatchOf, type Dispatch } from '../dispatch.ts';
import { gateColumns } from '../layout.ts';
import { addingThreads, addUp } from '../wgsl/add-up.ts';
import { constantTable, float, kernel, reads, writes, type Kernel } from '../wgsl/kernel.ts';
import { product, productGrid, type Operand, type Product, type Tile } from '../wgsl/product.ts';
import { clipped, clipScale } from './gradient.ts';
import { average, muonRates } from './update.ts';

/**
 * Muon (Keller Jordan, "Muon: an optimizer for hidden layers in neural networks", 2024): the momentum of each gate of a hidden matrix is made nearly
 * orthogonal by five iterations after Newton and Schulz, X <- a X + (b A + c A^2) X with A = X X^T. All gates of all layers are one batch of H x H
 * matrices, [unit of the input][unit of the gate]; whether a matrix or its transpose is iterated makes no difference.
 */
const [a, b, c] = [3.4445, -4.775, 2.0315] as const;
const iterations = 5;

/** A gate of a hidden matrix within the array of all parameters: element [input][unit] is at first + input * width + unit * stride. */
interface Gate {
  readonly first: number;
  readonly width: number;
  readonly stride: number;
}

/** Every gate of every hidden matrix. */
function gatesOfHidden({ shape, layout }: Design): readonly Gate[] {
  return layout.places
    .filter(({ role }) => role === 'hidden')
    .flatMap(({ offset, width }) =>
      shape.groups.flatMap((group) =>
        gateColumns(group).map(({ first, stride }) => ({ first: offset + first, width, stride })),
      ),
    );
}

/** Workgroups that share a gate in element-wise kernels. */
function partsOfGate({ shape: { units } }: Design): number {
  return Math.min(64, Math.ceil((units * units) / (4 * addingThreads)));
}

/** Floats of each of Muon's four buffers of matrices, and of the sums of squares for its norms. */
export function muonFloats(design: Design): { readonly matrices: number; readonly squares: number } {
  const gates = gatesOfHidden(design).length;
  return { matrices: gates * design.shape.units ** 2, squares: gates * partsOfGate(design) };
}

/** Entries of `norms` that Muon's kernels fill, after those of the update: first of the gradients, then of the parameters. */
export function muonNorms(design: Design): number {
  return 2 * gatesOfHidden(design).length * partsOfGate(design);
}

/** WGSL of a loop over this workgroup's elements of gate group.y: `element` is the index in the gate, `place` that in the array of all parameters. */
function walk(design: Design, body: string): string {
  const { units } = design.shape;
  const parts = partsOfGate(design);
  return `
let gate = group.y;
for (var element = group.x * ${addingThreads}u + lane; element < ${units * units}u; element += ${parts * addingThreads}u) {
  let place = gateAt[gate] + element / ${units}u * gateWidth[gate] + element % ${units}u * gateStride[gate];
  let inMatrix = gate * ${units * units}u + element;
  ${body}
}`;
}

function gateTables(design: Design): string {
  const gates = gatesOfHidden(design);
  return [
    constantTable(
      'gateAt',
      gates.map(({ first }) => first),
    ),
    constantTable(
      'gateWidth',
      gates.map(({ width }) => width),
    ),
    constantTable(
      'gateStride',
      gates.map(({ stride }) => stride),
    ),
  ].join('\n');
}

/** m = 0.95 m + 0.05 g; Nesterov's look-ahead, 0.95 m + 0.05 g with the new m, goes into the matrices. */
function momentumKernel(design: Design): Kernel {
  const parts = partsOfGate(design);
  const [momentum] = muonRates;
  return kernel({
    name: 'muon momentum',
    bindings: [
      reads('gradients', 'f32'),
      writes('firstSlot', 'f32'),
      writes('muonX', 'f32'),
      writes('muonSquares', 'f32'),
      writes('norms', 'vec2f'),
      ...(design.options.clip.by === 'norm' ? [reads('squares', 'f32')] : []),
    ],
    threads: addingThreads,
    memory: [{ name: 'parts', element: 'vec2f', length: addingThreads }],
    declarations: gateTables(design),
    body: `
${clipScale(design)}
var sums = vec2f();
${walk(
  design,
  `let gradient = ${clipped(design, 'gradients[place]', 'f32')};
  let kept = ${float(momentum)} * firstSlot[place] + ${float(1 - momentum)} * gradient;
  let ahead = ${float(momentum)} * kept + ${float(1 - momentum)} * gradient;
  firstSlot[place] = kept;
  muonX[inMatrix] = ahead;
  sums += vec2f(ahead * ahead, gradient * gradient);`,
)}
parts[lane] = sums;
${addUp}
if (lane == 0u) {
  muonSquares[gate * ${parts}u + group.x] = parts[0].x;
  norms[${design.plan.updateGroups}u + gate * ${parts}u + group.x] = vec2f(parts[0].y, 0f);
}`,
  });
}

/** Divides every matrix by its norm plus 1e-7, so that a matrix of zeros stays zero. */
function unitKernel(design: Design): Kernel {
  const parts = partsOfGate(design);
  return kernel({
    name: 'muon unit',
    bindings: [writes('muonX', 'f32'), reads('muonSquares', 'f32')],
    threads: addingThreads,
    declarations: gateTables(design),
    body: `
var squares = 0f;
for (var i = 0u; i < ${parts}u; i++) { squares += muonSquares[group.y * ${parts}u + i]; }
let scale = 1f / (sqrt(squares) + 1e-7f);
${walk(design, 'muonX[inMatrix] *= scale;')}`,
  });
}

/** Weight decay, a step along the direction, average. */
function directedKernel(design: Design): Kernel {
  const { options } = design;
  const { weightDecay } = options.optimizer;
  const parts = partsOfGate(design);
  const direction = iterations % 2 === 0 ? 'muonX' : 'muonY';
  return kernel({
    name: 'muon update',
    bindings: [
      writes('parameters', 'f32'),
      reads(direction, 'f32'),
      ...(options.averaging ? [writes('average', 'f32')] : []),
      writes('norms', 'vec2f'),
    ],
    threads: addingThreads,
    memory: [{ name: 'parts', element: 'f32', length: addingThreads }],
    declarations: gateTables(design),
    body: `
var sum = 0f;
${walk(
  design,
  `var parameter = parameters[place];
  ${weightDecay === 0 ? '' : `parameter -= step.learningRate * ${float(weightDecay)} * parameter;`}
  parameter -= step.learningRate * ${float(muonRateRatio)} * ${direction}[inMatrix];
  parameters[place] = parameter;
  ${average(design, 'place')}
  sum += parameter * parameter;`,
)}
parts[lane] = sum;
${addUp}
if (lane == 0u) { norms[${design.plan.updateGroups + muonNorms(design) / 2}u + gate * ${parts}u + group.x] = vec2f(0f, parts[0]); }`,
  });
}

/** Muon's work between the complete gradient and the update of parameters other than hidden matrices. */
export function muonProgram(design: Design): readonly Dispatch[] {
  const { units } = design.shape;
  const gates = gatesOfHidden(design).length;
  const overGates = (made: Kernel): Dispatch =>
    dispatchOf(made, [partsOfGate(design), gates, 1], 10 * gates * units * units);
  const multiply = (source: Product): Dispatch =>
    dispatchOf(product(source), [...productGrid(source), gates], 2 * gates * units ** 3);
  const iterate = (x: MatrixBuffer, y: MatrixBuffer): readonly Dispatch[] =>
    [gram(design, x), polynomial(design), applied(design, x, y)].map(multiply);
  return [
    overGates(momentumKernel(design)),
    overGates(unitKernel(design)),
    ...Array.from({ length: iterations }, (_, i) =>
      i % 2 === 0 ? iterate('muonX', 'muonY') : iterate('muonY', 'muonX'),
    ).flat(),
    overGates(directedKernel(design)),
  ];
}

type MatrixBuffer = 'muonX' | 'muonY' | 'muonGram' | 'muonPolynomial';

/** A product of two matrices of each gate. */
function squareProduct(
  { shape: { units } }: Design,
  names: { readonly left: MatrixBuffer; readonly right: MatrixBuffer; readonly to: MatrixBuffer },
  {
    right,
    sum,
    also,
  }: { right: Operand['along']; sum: (place: string, value: string) => string; also?: MatrixBuffer },
): Product {
  const sizes = { rows: units, columns: units, depth: units };
  const stride = units / 4;
  const isVector = right === 'extent';
  const read = [...new Set([names.left, names.right, ...(also === undefined ? [] : [also])])];
  return {
    ...sizes,
    name: `muon ${names.to} of ${names.left}`,
    tile: tileOf(units),
    left: { buffer: names.left, stride, along: 'depth' },
    right: { buffer: names.right, stride, along: right },
    bindings: [...read.map((name) => reads(name)), writes(names.to, isVector ? 'vec4f' : 'f32')],
    head: `leftAt = group.z * ${units * stride}u; rightAt = leftAt;`,
    store: (row, column, value) => {
      const place = `group.z * ${(units * units) / (isVector ? 4 : 1)}u + ${row} * ${isVector ? stride : units}u + ${column}`;
      return `${names.to}[${place}] = ${sum(place, value)};`;
    },
  };
}

/** Small matrices are cut into small tiles, so that more workgroups have work. */
function tileOf(units: number): Tile {
  return units < 256
    ? { rows: 32, columns: 32, depth: 16, threadRows: 4, threadColumns: 4 }
    : { rows: 64, columns: 64, depth: 16, threadRows: 4, threadColumns: 4 };
}

/** A = X X^T. */
function gram(design: Design, x: MatrixBuffer): Product {
  return squareProduct(
    design,
    { left: x, right: x, to: 'muonGram' },
    { right: 'depth', sum: (_, value) => value },
  );
}

/** b A + c A^2, A being symmetric. */
function polynomial(design: Design): Product {
  const names = { left: 'muonGram', right: 'muonGram', to: 'muonPolynomial' } as const;
  const sum = (place: string, value: string): string =>
    `${float(b)} * muonGram[${place}] + ${float(c)} * ${value}`;
  return squareProduct(design, names, { right: 'extent', sum });
}

/** a X + P X. */
function applied(design: Design, x: MatrixBuffer, y: MatrixBuffer): Product {
  const sum = (place: string, value: string): string => `${float(a)} * ${x}[${place}] + ${value}`;
  return squareProduct(design, { left: 'muonPolynomial', right: x, to: y }, { right: 'extent', sum });
}
