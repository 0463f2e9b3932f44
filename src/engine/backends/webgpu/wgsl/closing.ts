import { stateBuffers } from '../buffer-names.ts';
import type { Design } from '../design.ts';
import { normEntries } from '../optimizer/plan.ts';
import { addingThreads, addUp } from './add-up.ts';
import { kernel, reads, writes, type Kernel } from './kernel.ts';

const threads = addingThreads;

/** The numbers of a step: mean loss, norm of the gradient, norm of the parameters. */
export function finishKernel(design: Design): Kernel {
  const { shape } = design;
  return kernel({
    name: 'finish',
    bindings: [reads('losses', 'f32'), reads('norms', 'vec2f'), writes('result', 'f32')],
    threads,
    memory: [{ name: 'parts', element: 'vec3f', length: threads }],
    body: `
var sums = vec3f();
for (var i = lane; i < ${shape.rows}u; i += ${threads}u) { sums.x += losses[i]; }
for (var i = lane; i < ${normEntries(design)}u; i += ${threads}u) { sums += vec3f(0f, norms[i]); }
parts[lane] = sums;
${addUp}
if (lane == 0u) {
let total = parts[0];
result[0] = total.x / ${shape.rows}.0f;
result[1] = sqrt(total.y);
result[2] = sqrt(total.z);
}`,
  });
}

/** Workgroups of carryKernel. */
export function carryGroups({ shape }: Design): number {
  return Math.ceil((shape.spec.numLayers * shape.batchSize * shape.units) / 4 / threads);
}

/** The final states become the next initial ones. */
export function carryKernel({ shape }: Design): Kernel {
  const { batchSize, units, sequenceLength, spec, cell } = shape;
  const perStep = (batchSize * units) / 4;
  const states = stateBuffers(cell);
  return kernel({
    name: 'carry',
    bindings: states.map((state) => writes(state)),
    threads,
    body: `
let i = group.x * ${threads}u + lane;
if (i < ${spec.numLayers * perStep}u) {
let to = (i / ${perStep}u) * ${(sequenceLength + 1) * perStep}u + i % ${perStep}u;
let source = to + ${sequenceLength * perStep}u;
${states.map((state) => `${state}[to] = ${state}[source];`).join('\n')}
}`,
  });
}
