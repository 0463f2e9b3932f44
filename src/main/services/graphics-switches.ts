import type { CommandLine } from 'electron';

/** What decides how Chromium has to be started to reach the card. */
export interface GraphicsSurroundings {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<NodeJS.ProcessEnv>;
  /** Names of the files that describe Vulkan drivers, such as `nvidia_icd.json`. */
  readonly vulkanDrivers: readonly string[];
}

/** Set to 0, Chromium is started as it is, for whoever's windows stay black with the switches. */
const variable = 'CHARLOOM_GRAPHICS_SWITCHES';

/**
 * Switches without which Chromium has no WebGPU, or the wrong card, where it has one: before the application is ready. Windows and macOS have it by
 * themselves; Linux has it under Wayland with NVIDIA's and Intel's cards. `--enable-unsafe-webgpu` is none of them: it lifts the protection from
 * drivers that are known to be broken.
 */
export function addGraphicsSwitches(
  commandLine: Pick<CommandLine, 'appendSwitch' | 'getSwitchValue' | 'hasSwitch'>,
  surroundings: GraphicsSurroundings,
): void {
  const { platform, environment, vulkanDrivers } = surroundings;
  if (environment[variable] === '0') return;
  // Of two cards in a laptop Chromium takes the one that draws its windows, for WebGPU too.
  if (platform === 'win32') commandLine.appendSwitch('force_high_performance_gpu');
  if (platform !== 'linux') return;
  const has = (maker: RegExp): boolean => vulkanDrivers.some((name) => maker.test(name));
  const isWayland = usesWayland(environment, commandLine.getSwitchValue('ozone-platform'));
  const isAmd = has(/radeon|amd/i);
  const features = isAmd ? ['ForceEnableWebGpuInterop'] : [];
  // Windows drawn with Vulkan stay away under Wayland.
  if (!isWayland && (isAmd || has(/nvidia|intel/i))) {
    features.push('Vulkan', 'VulkanFromANGLE');
    if (!commandLine.hasSwitch('use-angle')) commandLine.appendSwitch('use-angle', 'vulkan');
  }
  if (features.length === 0) return;
  // The last one counts: what somebody asked for stays.
  const asked = commandLine.getSwitchValue('enable-features');
  commandLine.appendSwitch('enable-features', [asked, ...features].filter((name) => name !== '').join());
}

function usesWayland(environment: Readonly<NodeJS.ProcessEnv>, asked: string): boolean {
  if (asked === 'wayland' || asked === 'x11') return asked === 'wayland';
  return environment['XDG_SESSION_TYPE'] === 'wayland' || (environment['WAYLAND_DISPLAY'] ?? '') !== '';
}
