import type { WebgpuCard } from '../../engine/backends/webgpu/backend.ts';
import { CharloomError } from '../../shared/errors.ts';

/** If it is 1, software renderers are trained on too: for tests on machines without a card. */
const softwareVariable = 'CHARLOOM_SOFTWARE_GPU';

/** The source of the card's driver, by platform. */
const drivers: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  linux:
    "Install the card's Vulkan driver: for AMD and Intel the package mesa-vulkan-drivers (Fedora, Debian, Ubuntu) or vulkan-radeon, vulkan-intel (Arch), for NVIDIA NVIDIA's own driver. A container needs access to the card.",
  win32:
    "Install the newest driver from the card's maker (NVIDIA, AMD or Intel); Remote Desktop can hide a card.",
  darwin: 'macOS includes its driver; a virtual machine has none.',
};

/** WebGPU sees no card at all. */
export function noAdapter(platform: NodeJS.Platform = process.platform): CharloomError {
  return new CharloomError('backend-unavailable', 'WebGPU finds no usable graphics card.', {
    fix: drivers[platform] ?? "Install the card's driver.",
  });
}

/**
 * Refuses a software renderer: it computes on the processor, far slower than the embedded backend.
 * @throws CharloomError('backend-unavailable')
 */
export function refuseFallback(
  { fallback, label }: Pick<WebgpuCard, 'fallback' | 'label'>,
  environment: NodeJS.ProcessEnv = process.env,
): void {
  if (!fallback || environment[softwareVariable] === '1') return;
  throw new CharloomError(
    'backend-unavailable',
    `WebGPU finds no graphics card, only a software renderer, which is slower than the embedded backend (${label}).`,
    { fix: drivers[process.platform] ?? "Install the card's driver." },
  );
}

/** Why Dawn's library does not load, from the system's error. */
export function explainLoadError(cause: unknown): CharloomError {
  const said = cause instanceof Error ? cause.message : String(cause);
  const glibc = /version [`']GLIBC(?:XX)?_([\d.]+)' not found/.exec(said)?.[1];
  if (glibc !== undefined) {
    return new CharloomError(
      'backend-unavailable',
      `WebGPU needs glibc 2.34 or newer (Debian 12, Ubuntu 22.04, Fedora 35), and this system's is older: ${glibc} is missing.`,
      { fix: 'Update the system, or use the embedded backend.', cause },
    );
  }
  return new CharloomError('backend-unavailable', `WebGPU cannot be loaded: ${said.split('\n')[0] ?? ''}`, {
    fix: 'Reinstall the WebGPU engine; "charloom doctor" shows details.',
    cause,
  });
}
