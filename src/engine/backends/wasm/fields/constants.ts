/** Numbers that the host and the kernels must agree on; build-kernels writes them into the kernels' source. */
export const kernelConstants = {
  /** Columns of a panel: every matrix that is multiplied from the right is stored in panels, and H and V are rounded up to them. */
  PANEL: 16,
  /** Rows of a gradient panel per pass: 256 * 64 bytes stay in the first-level cache. */
  STRIP_ROWS: 256,
  /** Maximum number of panels per job of the weight gradients: neighbours share the strips they are multiplied with while those are in cache. */
  GROUP: 4,
  /** Floats per block of the optimiser: norms are summed within a block, then over blocks in order, so that they do not depend on the threads. */
  OPTIMIZER_BLOCK: 4096,
  /** Roles of a parameter (ParameterRole): a vector, a matrix, or a matrix that maps a hidden state. */
  VECTOR: 0,
  MATRIX: 1,
  HIDDEN_MATRIX: 2,
  /** Phases of Muon between two barriers: momentum, scale, and three for each of five iterations. */
  MUON_PHASES: 17,
  /** Address of the number of threads in the control block, the first page of memory. */
  THREADS: 192,
} as const;

/** Rounds up to whole panels. */
export function padded(size: number): number {
  return Math.ceil(size / kernelConstants.PANEL) * kernelConstants.PANEL;
}
