import { assertNever } from '../../../../shared/errors.ts';
import type { Design } from '../design.ts';
import { addingThreads, addUp } from '../wgsl/add-up.ts';
import { float, kernel, reads, writes, type Binding, type Kernel } from '../wgsl/kernel.ts';
import { clipped, clipScale, gradientFunction } from './gradient.ts';
import { rangesOf, within } from './ranges.ts';

/** Adam's rates: of the mean, of the mean of squares. */
const adamRates = [0.9, 0.999] as const;
/** The same for parameters that Muon updates with Adam; the first is also Muon's momentum. */
export const muonRates = [0.95, 0.99] as const;

/** Whether the gradient must be complete before anything is updated: for its norm, and for Muon, which reads it in another order. */
export function needsWholeGradient({ options: { clip, optimizer } }: Design): boolean {
  return clip.by === 'norm' || optimizer.kind === 'muon';
}

/** Adds up the parts of the gradient in the place of the first, and stores a sum of squares for each workgroup. */
export function wholeGradientKernel(design: Design): Kernel {
  return kernel({
    name: 'whole gradient',
    bindings: [writes('gradients'), writes('squares', 'f32')],
    threads: addingThreads,
    memory: [{ name: 'parts', element: 'f32', length: addingThreads }],
    declarations: gradientFunction(design),
    body: `
var sum = 0f;
for (var i = group.x * ${addingThreads}u + lane; i < ${design.layout.floats / 4}u; i += ${design.plan.updateGroups * addingThreads}u) {
  let gradient = gradientOf(i);
  gradients[i] = gradient;
  sum += dot(gradient, gradient);
}
parts[lane] = sum;
${addUp}
if (lane == 0u) { squares[group.x] = parts[0]; }`,
  });
}

/**
 * Clip, weight decay, update and average for every parameter that does not follow Muon's directions; stores for each workgroup the sums of squares of
 * the clipped gradients and of the new parameters.
 */
export function updateKernel(design: Design): Kernel {
  const { layout, options } = design;
  const isWhole = needsWholeGradient(design);
  const isMuon = options.optimizer.kind === 'muon';
  const hidden = isMuon ? rangesOf(layout, ({ role }) => role === 'hidden') : [];
  // Verification reads the gradient before the clip from the place of its first part.
  const keep =
    isWhole || (design.plan.gradientParts === 1 && options.weightDrop === 0) ? '' : 'gradients[i] = whole;';
  return kernel({
    name: 'update',
    bindings: updateBindings(design),
    threads: addingThreads,
    memory: [{ name: 'parts', element: 'vec2f', length: addingThreads }],
    declarations: isWhole ? '' : gradientFunction(design),
    body: `
${clipScale(design)}
var sums = vec2f();
for (var i = group.x * ${addingThreads}u + lane; i < ${layout.floats / 4}u; i += ${design.plan.updateGroups * addingThreads}u) {
  if (${within('i', hidden)}) { continue; }
  let whole = ${isWhole ? 'gradients[i]' : 'gradientOf(i)'};
  ${keep}
  let gradient = ${clipped(design, 'whole', 'vec4f')};
  var parameter = parameters[i];
  ${decay(design)}
  ${step(design)}
  parameters[i] = parameter;
  ${average(design, 'i')}
  sums += vec2f(dot(gradient, gradient), dot(parameter, parameter));
}
parts[lane] = sums;
${addUp}
if (lane == 0u) { norms[group.x] = parts[0]; }`,
  });
}

function updateBindings(design: Design): readonly Binding[] {
  const { optimizer, clip, averaging } = design.options;
  return [
    writes('parameters'),
    writes('gradients'),
    writes('firstSlot'),
    ...(optimizer.kind === 'rmsprop' ? [] : [writes('secondSlot')]),
    ...(averaging ? [writes('average')] : []),
    ...(clip.by === 'norm' ? [reads('squares', 'f32')] : []),
    writes('norms', 'vec2f'),
  ];
}

/** Decoupled weight decay of the matrices: before the update they are multiplied by 1 - learningRate * weightDecay. */
function decay({ layout, options: { optimizer } }: Design): string {
  if (optimizer.weightDecay === 0) return '';
  const matrices = rangesOf(layout, ({ role }) => role !== 'vector');
  return `if (${within('i', matrices)}) { parameter -= step.learningRate * ${float(optimizer.weightDecay)} * parameter; }`;
}

/** Updates `parameter` and the optimiser's memory. The epsilon is outside the root, as in Torch's optim. */
function step({ options: { optimizer } }: Design): string {
  switch (optimizer.kind) {
    case 'rmsprop':
      return `
  let squared = ${float(optimizer.decayRate)} * firstSlot[i] + ${float(1 - optimizer.decayRate)} * gradient * gradient;
  firstSlot[i] = squared;
  parameter -= step.learningRate * gradient / (sqrt(squared) + 1e-8f);`;
    case 'adam':
      return adam(adamRates);
    case 'muon':
      return adam(muonRates);
    default:
      return assertNever(optimizer.kind);
  }
}

function adam([mean, square]: readonly [number, number]): string {
  return `
  let momentum = ${float(mean)} * firstSlot[i] + ${float(1 - mean)} * gradient;
  let squared = ${float(square)} * secondSlot[i] + ${float(1 - square)} * gradient * gradient;
  firstSlot[i] = momentum;
  secondSlot[i] = squared;
  parameter -= step.learningRate / step.meanCorrection * momentum / (sqrt(squared / step.squareCorrection) + 1e-8f);`;
}

/** average += w * (parameter - average), of one place; a weight of 0 leaves it as it is. */
export function average({ options: { averaging } }: Design, at: string): string {
  if (!averaging) return '';
  return `if (step.averageWeight != 0f) { average[${at}] += step.averageWeight * (parameter - average[${at}]); }`;
}
