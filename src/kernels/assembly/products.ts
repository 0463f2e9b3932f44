import { PANEL } from './generated/network';
import { tileNarrow, tileWide, stripNarrow, stripWide } from './generated/tiles';

/** Summed terms per pass, so that one panel's part (512 * 64 bytes) stays in the first-level cache. */
const TERMS: i32 = 512;
/** Bytes of weights that stay in the second-level cache while all time steps are processed. */
const GROUP_BYTES: i32 = 512 * 1024;
const MAX_TILE: i32 = 6;

/** Height of the next tile when `rows` are left: as even as possible, at most six (25 rows become five fives, not four sixes and a one). */
@inline
export function tileHeight(rows: i32): i32 {
  const tiles = (rows + MAX_TILE - 1) / MAX_TILE;
  return (rows + tiles - 1) / tiles;
}

/**
 * C[m][16 * panels] = I + A[m][k] * W, W in panels [panels][panelRows][16] of which the rows from `w` are used. `initial` with stride 0 is one row
 * added to all (a bias); with C itself it accumulates. All strides in bytes. Every element sums its terms in ascending order, whatever the tiling, so
 * results do not depend on the distribution of rows.
 */
export function multiplyRows(
  wide: i32,
  a: usize,
  aStride: usize,
  m: i32,
  w: usize,
  panelStride: usize,
  k: i32,
  panels: i32,
  c: usize,
  cStride: usize,
  initial: usize,
  initialStride: usize,
): void {
  for (let panel = 0; panel < panels; panel++) {
    const column = <usize>(panel * PANEL * 4);
    for (let term = 0; term < k; term += TERMS) {
      const terms = min(TERMS, k - term);
      const source = w + <usize>panel * panelStride + <usize>(term * PANEL * 4);
      const from = term === 0 ? initial + column : c + column;
      const fromStride = term === 0 ? initialStride : cStride;
      for (let row = 0; row < m; ) {
        const height = tileHeight(m - row);
        const aTile = a + <usize>row * aStride + <usize>(term * 4);
        const cTile = c + column + <usize>row * cStride;
        const iTile = from + <usize>row * fromStride;
        if (wide) tileWide(height, aTile, aStride, source, terms, cTile, cStride, iTile, fromStride);
        else tileNarrow(height, aTile, aStride, source, terms, cTile, cStride, iTile, fromStride);
        row += height;
      }
    }
  }
}

/** Number of panels of `panelBytes` each to multiply with before the next rows. */
@inline
export function panelGroup(panelBytes: i32): i32 {
  return max(1, GROUP_BYTES / panelBytes);
}

/**
 * Lays rows [first, first + count) of a [rows][k] matrix out in strips: the strip of columns [j, j + height) holds, for every
 * row, its `height` values side by side. Strip heights are tileHeight's, so strip j starts at j * rows floats.
 */
export function packStrips(source: usize, k: i32, rows: i32, first: i32, count: i32, target: usize): void {
  for (let column = 0; column < k; ) {
    const height = tileHeight(k - column);
    let from = source + <usize>((first * k + column) * 4);
    let to = target + <usize>((column * rows + first * height) * 4);
    for (let row = 0; row < count; row++) {
      for (let j = 0; j < height; j++) store<f32>(to + <usize>(j * 4), load<f32>(from + <usize>(j * 4)));
      from += <usize>(k * 4);
      to += <usize>(height * 4);
    }
    column += height;
  }
}

/**
 * Part of the gradient of one weight panel: G[k][16] += sum over n of strip[first + n][k] * panel[n][16], for n below `count`, at most
 * STRIP_ROWS. The strips have `rows` rows. The first part starts from zeros instead of G.
 */
export function multiplyStrips(
  wide: i32,
  strips: usize,
  k: i32,
  rows: i32,
  first: i32,
  count: i32,
  panel: usize,
  gradient: usize,
  zeros: usize,
  starting: bool,
): void {
  const stride: usize = starting ? 0 : <usize>(PANEL * 4);
  for (let column = 0; column < k; ) {
    const height = tileHeight(k - column);
    const a = strips + <usize>((column * rows + first * height) * 4);
    const c = gradient + <usize>(column * PANEL * 4);
    const initial = starting ? zeros : c;
    if (wide) stripWide(height, a, panel, count, c, initial, stride);
    else stripNarrow(height, a, panel, count, c, initial, stride);
    column += height;
  }
}

/** Transposes panels [columns/16][rows][16] of a matrix into panels [rows/16][columns][16] of its transpose, one target panel per call. */
export function packTransposed(source: usize, rows: i32, columns: i32, targetPanel: i32, target: usize): void {
  const out = target + <usize>(targetPanel * columns * PANEL * 4);
  for (let column = 0; column < columns; column++) {
    const from =
      source +
      <usize>(((column / PANEL) * rows * PANEL + targetPanel * PANEL * PANEL + (column & (PANEL - 1))) * 4);
    const to = out + <usize>(column * PANEL * 4);
    for (let j = 0; j < PANEL; j++) {
      store<f32>(to + <usize>(j * 4), load<f32>(from + <usize>(j * PANEL * 4)));
    }
  }
}
