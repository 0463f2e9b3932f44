import type { Design } from '../design.ts';
import { addUp } from './closing.ts';
import { float, kernel, repeat, writes, type Kernel } from './kernel.ts';

const threads = 256;

/**
 * Adds the pieces of every gradient, in order, and leaves the whole in the first run; clips it, updates by RMSProp with the epsilon outside the root,
 * and sums the squares of clipped gradients and parameters.
 */
export function updateKernel({ layout, plan, options }: Design): Kernel {
  const vectors = layout.floats / 4;
  const { decayRate } = options.optimizer;
  const bound = float(options.clip.bound);
  return kernel({
    name: 'update',
    bindings: [writes('parameters'), writes('firstSlot'), writes('gradients'), writes('norms', 'vec2f')],
    threads,
    memory: [{ name: 'parts', element: 'vec2f', length: threads }],
    body: `
var sums = vec2f();
for (var i = group.x * ${threads}u + lane; i < ${vectors}u; i += ${plan.updateGroups * threads}u) {
var g = gradients[i];
${repeat(plan.gradientParts - 1, (part) => `g += gradients[i + ${(part + 1) * vectors}u];`)}
gradients[i] = g;
g = clamp(g, vec4f(-${bound}), vec4f(${bound}));
let m = ${float(decayRate)} * firstSlot[i] + ${float(1 - decayRate)} * g * g;
firstSlot[i] = m;
let p = parameters[i] - step.learningRate * g / (sqrt(m) + 1e-8f);
parameters[i] = p;
sums += vec2f(dot(g, g), dot(p, p));
}
parts[lane] = sums;
${addUp}
if (lane == 0u) { norms[group.x] = parts[0]; }`,
  });
}
