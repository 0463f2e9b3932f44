/**
 * Which layers hand their input on beside what they make of it: none, all but the first, or the same where there are at least three layers
 * ("deep"). Such a layer's output is h plus its input; the state carried is h.
 */
export const residualModes = ['off', 'on', 'deep'] as const;

interface ResidualLayers {
  readonly residual: (typeof residualModes)[number];
  /** L. */
  readonly numLayers: number;
}

/** Whether the layers of a model hand their input on, from the second on. */
export function isResidual({ residual, numLayers }: ResidualLayers): boolean {
  return residual === 'on' || (residual === 'deep' && numLayers >= 3);
}
