import type { CommandLine } from 'electron';

/** What decides how Chromium must be started to reach the card. */
export interface GraphicsSurroundings {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<NodeJS.ProcessEnv>;
  /** Names of the files that describe Vulkan drivers, such as `nvidia_icd.json`. */
  readonly vulkanDrivers: readonly string[];
}

/** If set to 0, Chromium is started without the switches, for computers on which windows stay black with them. */
const variable = 'CHARLOOM_GRAPHICS_SWITCHES';

/**
 * Adds the switches without which Chromium has no WebGPU, or uses the wrong card; they must be set before the application is ready. No switch is needed for
 * WebGPU on Windows, on macOS, and under Wayland with NVIDIA and Intel cards. `--enable-unsafe-webgpu` is not among them: it removes the protection from drivers that are
 * known to be broken.
 */
export function addGraphicsSwitches(
  commandLine: Pick<CommandLine, 'appendSwitch' | 'getSwitchValue' | 'hasSwitch'>,
  surroundings: GraphicsSurroundings,
): void {
  const { platform, environment, vulkanDrivers } = surroundings;
  if (environment[variable] === '0') return;
  // In a laptop with two cards, Chromium uses the one that draws its windows, for WebGPU too.
  if (platform === 'win32') commandLine.appendSwitch('force_high_performance_gpu');
  if (platform !== 'linux') return;
  const has = (maker: RegExp): boolean => vulkanDrivers.some((name) => maker.test(name));
  const isWayland = usesWayland(environment, commandLine.getSwitchValue('ozone-platform'));
  const isAmd = has(/radeon|amd/i);
  const features = isAmd ? ['ForceEnableWebGpuInterop'] : [];
  // Windows drawn with Vulkan do not appear under Wayland.
  if (!isWayland && (isAmd || has(/nvidia|intel/i))) {
    features.push('Vulkan', 'VulkanFromANGLE');
    if (!commandLine.hasSwitch('use-angle')) commandLine.appendSwitch('use-angle', 'vulkan');
  }
  if (features.length === 0) return;
  // Only the last switch counts, so the features that the user enabled are included.
  const asked = commandLine.getSwitchValue('enable-features');
  commandLine.appendSwitch('enable-features', [asked, ...features].filter((name) => name !== '').join());
}

function usesWayland(environment: Readonly<NodeJS.ProcessEnv>, asked: string): boolean {
  if (asked === 'wayland' || asked === 'x11') return asked === 'wayland';
  return environment['XDG_SESSION_TYPE'] === 'wayland' || (environment['WAYLAND_DISPLAY'] ?? '') !== '';
}
