/**
 * Which layers have a residual connection: none, all but the first, or all but the first if there are at least three layers
 * ("deep"). Such a layer's output is h plus its input; the state carried is h.
 */
export const residualModes = ['off', 'on', 'deep'] as const;

interface ResidualLayers {
  readonly residual: (typeof residualModes)[number];
  /** L. */
  readonly numLayers: number;
}

/** Whether the layers of a model from the second on have residual connections. */
export function isResidual({ residual, numLayers }: ResidualLayers): boolean {
  return residual === 'on' || (residual === 'deep' && numLayers >= 3);
}
