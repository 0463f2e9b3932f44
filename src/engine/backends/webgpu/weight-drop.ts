import { weightDropSite } from '../../random/dropout.ts';
import type { Design } from './design.ts';
import { dispatchOf, type Dispatch } from './dispatch.ts';
import type { ParameterLayout } from './layout.ts';
import type { NetworkShape } from './shape.ts';
import { constantTable, kernel, range, reads, repeat, writes } from './wgsl/kernel.ts';
import { maskFunctions } from './wgsl/masks.ts';

/**
 * WGSL of weight drop: `weightFactors(layer, local)` gives the factors of the four floats from `local` in a layer's recurrent matrix in the card's
 * layout. The counter is that of the canonical [G*H, H]; its values for padding are meaningless but harmless, because padding is zero. Needs
 * maskFunctions.
 */
export function weightFactorFunctions({ spec, columns, groups }: NetworkShape): string {
  // A group's columns are unit by unit; canonical rows are gate by gate.
  const rows = groups.map(({ gates, firstColumn, columns: width }) => {
    const before = groups.filter((other) => other.firstColumn < firstColumn).flatMap((other) => other.gates);
    const local = `(column - ${firstColumn}u)`;
    const gate = `${before.length}u + ${local} % ${gates.length}u`;
    return `if (column < ${firstColumn + width}u) { return (${gate}) * ${spec.rnnSize}u + ${local} / ${gates.length}u; }`;
  });
  return `
fn canonicalRow(column: u32) -> u32 { ${rows.join(' ')} return 0u; }
fn weightFactor(layer: u32, local: u32) -> f32 {
  let element = canonicalRow(local % ${columns}u) * ${spec.rnnSize}u + local / ${columns}u;
  return thinFactor(siteKey(${weightDropSite(spec.numLayers, 0)}u + layer), element);
}
fn weightFactors(layer: u32, local: u32) -> vec4f {
  return vec4f(${repeat(4, (i) => `weightFactor(layer, local + ${i}u)`, ', ')});
}`;
}

/** A statement that multiplies `gradient`, that of vector `i` of all parameters, by the factors of its weights. */
export function thinGradient(layout: ParameterLayout): string {
  return layout.places
    .filter(({ parameter }) => parameter === 'wh')
    .map(({ offset, floats, layer }) => {
      const [first, end] = [offset / 4, (offset + floats) / 4];
      return `if (i >= ${first}u && i < ${end}u) { gradient *= weightFactors(${layer ?? 0}u, (i - ${first}u) * 4u); }`;
    })
    .join(' else ');
}

const threads = 256;

/**
 * Fills `thinned` with the recurrent weights of a step: layer by layer, some of them dropped, the others scaled up. An evaluation copies them
 * unchanged.
 */
export function thinWeights({ shape, layout }: Design): Dispatch {
  const { numLayers } = shape.spec;
  const perLayer = (shape.units * shape.columns) / 4;
  const places = range(numLayers).map((layer) => layout.of(layer, 'wh').offset / 4);
  return dispatchOf(
    kernel({
      name: 'thin weights',
      bindings: [reads('parameters'), writes('thinned')],
      threads,
      declarations: `${maskFunctions}
${weightFactorFunctions(shape)}
${constantTable('wholeAt', places)}`,
      body: `
let i = group.x * ${threads}u + lane;
if (i < ${perLayer}u) {
  thinned[group.y * ${perLayer}u + i] = parameters[wholeAt[group.y] + i] * weightFactors(group.y, i * 4u);
}`,
    }),
    [Math.ceil(perLayer / threads), numLayers, 1],
    40 * numLayers * perLayer,
  );
}
