import { mix4 } from './elementwise';
import { Layer, Network, PANEL } from './generated/network';

/**
 * Weight drop: in a training step some of the recurrent weights are zero and the others scaled up, by the counter-based masks of
 * src/engine/random/dropout.ts. The gradient passes through the same factors.
 */

/** Factors of four neighbouring rows of a column: `unit` and the next three of a gate. H is the true width. */
@inline
function factors(net: Network, key: u32, gate: i32, unit: i32, column: i32, width: i32, scale: v128): v128 {
  const rows = i32x4.add(i32x4.splat(gate * width + unit), i32x4(0, 1, 2, 3));
  const counters = i32x4.add(i32x4.mul(rows, i32x4.splat(width)), i32x4.splat(column));
  const hashed = mix4(i32x4.add(i32x4.splat(<i32>key), i32x4.mul(counters, i32x4.splat(<i32>0x9e3779b9))));
  return v128.and(scale, i32x4.ge_u(hashed, i32x4.splat(<i32>net.weightDropThreshold)));
}

/** target = source * factors for columns [first, last) of one panel of a layer's recurrent matrix. */
function applyFactors(net: Network, index: i32, panel: i32, first: i32, last: i32, source: usize, target: usize): void {
  const key = load<u32>(net.weightDropKeys + <usize>(index * 4));
  const width = load<i32>(net.dropoutKeys + <usize>((net.layers + 1) * 4));
  const scale = f32x4.splat(1.0 / (1.0 - net.weightDrop));
  const gatePanels = net.size / PANEL;
  const gate = panel / gatePanels;
  const unit = (panel % gatePanels) * PANEL;
  for (let column = first; column < last; column++) {
    const at = <usize>(panel * net.size + column) * <usize>(PANEL * 4);
    for (let lane = 0; lane < PANEL; lane += 4) {
      const factor = factors(net, key, gate, unit + lane, column, width, scale);
      const place = at + <usize>(lane * 4);
      v128.store(target + place, f32x4.mul(v128.load(source + place), factor));
    }
  }
}

/** Writes columns [16 * part, 16 * part + 16) of the copy of a layer's recurrent matrix with weight drop. */
export function thinRecurrent(net: Network, layer: Layer, index: i32, part: i32): void {
  for (let panel = 0; panel < net.gates / PANEL; panel++) {
    applyFactors(net, index, panel, part * PANEL, (part + 1) * PANEL, layer.wholeRecurrentW, layer.thinnedRecurrentW);
  }
}

/** Turns the gradient of the copy with weight drop into that of the matrix, for some panels. */
export function thinGradient(net: Network, layer: Layer, index: i32, panel: i32, panels: i32): void {
  for (let each = panel; each < panel + panels; each++) {
    applyFactors(net, index, each, 0, net.size, layer.recurrentWGrad, layer.recurrentWGrad);
  }
}
