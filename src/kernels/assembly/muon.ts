import { sumLanes } from './elementwise';
import { MUON_PHASES, Network, PANEL, STRIP_ROWS } from './generated/network';
import { columnNarrow, columnWide } from './generated/tiles';
import { clipped, FLUSH, gradientBound, MUON_BETA1 } from './optimizer';
import { barrier } from './threads';

/**
 * Muon (Keller Jordan, "Muon: an optimizer for hidden layers in neural networks", 2024): the momentum of each gate of a hidden matrix is made
 * nearly orthogonal by five iterations after Newton and Schulz, X <- a X + (b A + c A^2) X with A = X X^T.
 *
 * A matrix and its transpose are both kept, in panels: then every product has the shape transpose(M) * P, whose rows are columns of M's panels, and
 * nothing is packed. A and its polynomial are symmetric: a panel is computed down to its diagonal and mirrored. Gates and panels are assigned as
 * threads become free; each panel is computed by one thread in one order, so results do not depend on the threads.
 */
const A: f32 = 3.4445;
const B: f32 = -4.775;
const C: f32 = 2.0315;
const ITERATIONS: i32 = 5;
/** Added to a norm, so that a matrix of zeros stays zero. */
const TINY: f64 = 1e-7;

const PANEL_ROW: usize = PANEL * 4;
const BLOCK: usize = PANEL * PANEL * 4;

/** Bytes of one Hp x Hp matrix. */
@inline
function matrixBytes(net: Network): usize {
  return <usize>net.size * <usize>(net.size * 4);
}

/** One of the four matrices of the first gate; those of the other gates follow it. */
@inline
function matrices(net: Network, which: i32): usize {
  return net.muonMatrices + <usize>(which * net.muonBlocks) * matrixBytes(net);
}

/** Called by one thread before a step. */
export function resetMuon(net: Network): void {
  memory.fill(net.muonJobs, 0, MUON_PHASES * 4);
}

/** Next job of a phase: gate * panels + panel. */
@inline
function takeJob(net: Network, phase: i32): i32 {
  return atomic.add<i32>(net.muonJobs + <usize>(phase * 4), 1);
}

/** Updates the momentum of the hidden matrices and leaves their directions in the first of the four matrices; all threads must call it. */
export function orthogonalise(net: Network, scale: f32): void {
  const y = matrices(net, 0);
  let x = matrices(net, 1);
  let gram = matrices(net, 2);
  const polynomial = matrices(net, 3);
  momentumPhase(net, scale, y);
  barrier();
  scalePhase(net, y, x);
  barrier();
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const phase = 2 + 3 * iteration;
    gramPhase(net, phase, y, gram);
    barrier();
    polynomialPhase(net, phase + 1, gram, polynomial);
    barrier();
    // The new X replaces the old A.
    applyPhase(net, phase + 2, polynomial, x, gram, y);
    barrier();
    const swap = x;
    x = gram;
    gram = swap;
  }
}

/** m = 0.95 m + 0.05 g, y = 0.95 m + 0.05 g (Nesterov), and the sums of squares of y. */
function momentumPhase(net: Network, factor: f32, y: usize): void {
  const panels = net.size / PANEL;
  const panelBytes = <usize>net.size * PANEL_ROW;
  const scale = f32x4.splat(factor);
  const low = f32x4.splat(-gradientBound(net));
  const high = f32x4.splat(gradientBound(net));
  const beta = f32x4.splat(MUON_BETA1);
  const rest = f32x4.splat(1 - MUON_BETA1);
  for (let job = takeJob(net, 0); job < net.muonBlocks * panels; job = takeJob(net, 0)) {
    const from = <usize>load<i32>(net.muonOffsets + <usize>((job / panels) * 4)) * 4 + <usize>(job % panels) * panelBytes;
    const to = y + <usize>job * panelBytes;
    let squares = f32x4.splat(0);
    for (let at: usize = 0; at < panelBytes; at += 16) {
      const g = f32x4.mul(rest, clipped(net, from + at, scale, low, high));
      const mean = f32x4.add(f32x4.mul(beta, v128.load(net.accumulatorM + from + at)), g);
      const m = v128.andnot(mean, f32x4.lt(f32x4.abs(mean), f32x4.splat(FLUSH)));
      const ahead = f32x4.add(f32x4.mul(beta, m), g);
      v128.store(net.accumulatorM + from + at, m);
      v128.store(to + at, ahead);
      squares = f32x4.add(squares, f32x4.mul(ahead, ahead));
    }
    store<f64>(net.muonSquares + <usize>(job * 8), <f64>sumLanes(squares));
  }
}

/** y is divided by its norm, and x becomes its transpose. */
function scalePhase(net: Network, y: usize, x: usize): void {
  const panels = net.size / PANEL;
  const panelBytes = <usize>net.size * PANEL_ROW;
  for (let job = takeJob(net, 1); job < net.muonBlocks * panels; job = takeJob(net, 1)) {
    const gate = job / panels;
    let squares: f64 = 0;
    for (let panel = 0; panel < panels; panel++) squares += load<f64>(net.muonSquares + <usize>((gate * panels + panel) * 8));
    const scale = f32x4.splat(<f32>(1 / (Math.sqrt(squares) + TINY)));
    const own = y + <usize>job * panelBytes;
    for (let at = own; at < own + panelBytes; at += 16) v128.store(at, f32x4.mul(scale, v128.load(at)));
    scatterTransposed(net, own, x + <usize>gate * matrixBytes(net), job % panels, panels);
  }
}

/** gram = transpose(y) * y. */
function gramPhase(net: Network, phase: i32, y: usize, gram: usize): void {
  const panels = net.size / PANEL;
  const panelBytes = <usize>net.size * PANEL_ROW;
  for (let job = takeJob(net, phase); job < net.muonBlocks * panels; job = takeJob(net, phase)) {
    const at = <usize>(job / panels) * matrixBytes(net);
    const panel = longestFirst(job, panels);
    const own = gram + at + <usize>panel * panelBytes;
    columnProduct(net, y + at, y + at + <usize>panel * panelBytes, panel + 1, own);
    scatterTransposed(net, own, gram + at, panel, panel);
  }
}

/** polynomial = a + b * gram + c * gram^2. */
function polynomialPhase(net: Network, phase: i32, gram: usize, polynomial: usize): void {
  const panels = net.size / PANEL;
  const panelBytes = <usize>net.size * PANEL_ROW;
  for (let job = takeJob(net, phase); job < net.muonBlocks * panels; job = takeJob(net, phase)) {
    const at = <usize>(job / panels) * matrixBytes(net);
    const panel = longestFirst(job, panels);
    const source = gram + at + <usize>panel * panelBytes;
    const own = polynomial + at + <usize>panel * panelBytes;
    columnProduct(net, gram + at, source, panel + 1, own);
    const bytes = <usize>(panel + 1) * BLOCK;
    for (let each: usize = 0; each < bytes; each += 16) {
      const linear = f32x4.mul(f32x4.splat(B), v128.load(source + each));
      v128.store(own + each, f32x4.add(linear, f32x4.mul(f32x4.splat(C), v128.load(own + each))));
    }
    // The diagonal of its last block.
    const block = own + <usize>panel * BLOCK;
    for (let row = 0; row < PANEL; row++) {
      const place = block + <usize>row * (PANEL_ROW + 4);
      store<f32>(place, load<f32>(place) + A);
    }
    scatterTransposed(net, own, polynomial + at, panel, panel);
  }
}

/** target = polynomial * x, and y becomes its transpose. */
function applyPhase(net: Network, phase: i32, polynomial: usize, x: usize, target: usize, y: usize): void {
  const panels = net.size / PANEL;
  const panelBytes = <usize>net.size * PANEL_ROW;
  for (let job = takeJob(net, phase); job < net.muonBlocks * panels; job = takeJob(net, phase)) {
    const at = <usize>(job / panels) * matrixBytes(net);
    const panel = job % panels;
    const own = target + at + <usize>panel * panelBytes;
    columnProduct(net, polynomial + at, x + at + <usize>panel * panelBytes, panels, own);
    scatterTransposed(net, own, y + at, panel, panels);
  }
}

/** The long panels of a triangle come first, so that no thread is left with one at the end. */
@inline
function longestFirst(job: i32, panels: i32): i32 {
  return panels - 1 - (job % panels);
}

/** The first 16 * blocks rows of target = transpose(m) * panel; in passes, so that both panels stay in the first-level cache. */
function columnProduct(net: Network, m: usize, panel: usize, blocks: i32, target: usize): void {
  const panelBytes = <usize>net.size * PANEL_ROW;
  for (let term = 0; term < net.size; term += STRIP_ROWS) {
    const terms = min(STRIP_ROWS, net.size - term);
    const from = <usize>term * PANEL_ROW;
    for (let block = 0; block < blocks; block++) {
      const a = m + <usize>block * panelBytes + from;
      const c = target + <usize>block * BLOCK;
      columns(net, 6, a, panel + from, terms, c, 0, term === 0);
      columns(net, 5, a, panel + from, terms, c, 6, term === 0);
      columns(net, 5, a, panel + from, terms, c, 11, term === 0);
    }
  }
}

/** `height` rows of a block, from row `first` on. */
@inline
function columns(net: Network, height: i32, a: usize, panel: usize, terms: i32, c: usize, first: usize, starting: bool): void {
  const target = c + first * PANEL_ROW;
  const initial = starting ? net.zeros : target;
  const stride: usize = starting ? 0 : PANEL_ROW;
  if (net.wide) columnWide(height, a + first * 4, panel, terms, target, initial, stride);
  else columnNarrow(height, a + first * 4, panel, terms, target, initial, stride);
}

/** The first `blocks` blocks of 16 rows of panel number `panel`, transposed, become rows of the panels of `target`. */
function scatterTransposed(net: Network, source: usize, target: usize, panel: i32, blocks: i32): void {
  const panelBytes = <usize>net.size * PANEL_ROW;
  for (let block = 0; block < blocks; block++) {
    transposeBlock(source + <usize>block * BLOCK, target + <usize>block * panelBytes + <usize>panel * BLOCK);
  }
}

/** A 16 x 16 block, four by four. */
function transposeBlock(source: usize, target: usize): void {
  for (let row: usize = 0; row < <usize>PANEL; row += 4) {
    for (let column: usize = 0; column < <usize>PANEL; column += 4) {
      const from = source + row * PANEL_ROW + column * 4;
      const to = target + column * PANEL_ROW + row * 4;
      const r0 = v128.load(from);
      const r1 = v128.load(from, 64);
      const r2 = v128.load(from, 128);
      const r3 = v128.load(from, 192);
      const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
      const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
      const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
      const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
      v128.store(to, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5));
      v128.store(to, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7), 64);
      v128.store(to, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5), 128);
      v128.store(to, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7), 192);
    }
  }
}
