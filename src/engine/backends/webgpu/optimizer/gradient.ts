import type { Design } from '../design.ts';
import { addingThreads, addUp } from '../wgsl/add-up.ts';
import { float, repeat } from '../wgsl/kernel.ts';
import { maskFunctions } from '../wgsl/masks.ts';
import { thinGradient, weightFactorFunctions } from '../weight-drop.ts';

/** `gradientOf(i)`: the whole gradient of four parameters, its parts added in their order, before the clip. Needs `gradients` as vec4f. */
export function gradientFunction({ shape, layout, options, plan }: Design): string {
  const isThinned = options.weightDrop > 0;
  return `${isThinned ? maskFunctions + weightFactorFunctions(shape) : ''}
fn gradientOf(i: u32) -> vec4f {
  var gradient = gradients[i];
  ${repeat(plan.gradientParts - 1, (part) => `gradient += gradients[i + ${((part + 1) * layout.floats) / 4}u];`)}
  ${isThinned ? thinGradient(layout) : ''}
  return gradient;
}`;
}

/**
 * WGSL that computes `clipScale`, if the clip is by norm, from the sums of squares of the first kernel; every workgroup adds them in the same order.
 * A NaN norm gives a NaN scale.
 */
export function clipScale({ options: { clip }, plan }: Design): string {
  if (clip.by === 'element') return '';
  return `
parts[lane] = vec2f();
for (var i = lane; i < ${plan.updateGroups}u; i += ${addingThreads}u) { parts[lane].x += squares[i]; }
${addUp}
let norm = sqrt(parts[0].x);
workgroupBarrier();
let clipScale = select(${float(clip.bound)} / norm, 1f, norm <= ${float(clip.bound)});`;
}

/** A gradient, clipped: WGSL of a value of one or four floats. NaN stays NaN, which `clamp` would not ensure. */
export function clipped({ options: { clip } }: Design, gradient: string, type: 'f32' | 'vec4f'): string {
  if (clip.by === 'norm') return `${gradient} * clipScale`;
  const bound = float(clip.bound);
  const [least, most] = [`${type}(-${bound})`, `${type}(${bound})`];
  return `select(select(${gradient}, ${most}, ${gradient} > ${most}), ${least}, ${gradient} < ${least})`;
}
