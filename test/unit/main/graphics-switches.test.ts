import { expect, test } from 'vitest';
import {
  addGraphicsSwitches,
  type GraphicsSurroundings,
} from '../../../src/main/services/graphics-switches.ts';

/** What is on the command line afterwards. */
function switches(
  surroundings: Partial<GraphicsSurroundings>,
  given: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const line = new Map(Object.entries(given));
  addGraphicsSwitches(
    {
      appendSwitch: (name, value) => void line.set(name, value ?? ''),
      getSwitchValue: (name) => line.get(name) ?? '',
      hasSwitch: (name) => line.has(name),
    },
    { platform: 'linux', environment: {}, vulkanDrivers: [], ...surroundings },
  );
  return Object.fromEntries(line);
}

const x11 = { 'use-angle': 'vulkan', 'enable-features': 'Vulkan,VulkanFromANGLE' };
const wayland = { XDG_SESSION_TYPE: 'wayland' };

test.each([
  ['NVIDIA under X11', { vulkanDrivers: ['nvidia_icd.json'] }, x11],
  ['Intel under X11', { vulkanDrivers: ['intel_icd.x86_64.json'] }, x11],
  [
    'AMD under X11',
    { vulkanDrivers: ['radeon_icd.x86_64.json'] },
    { 'use-angle': 'vulkan', 'enable-features': 'ForceEnableWebGpuInterop,Vulkan,VulkanFromANGLE' },
  ],
  // With Vulkan, no window appears there at all.
  ['NVIDIA under Wayland', { vulkanDrivers: ['nvidia_icd.json'], environment: wayland }, {}],
  [
    'AMD under Wayland',
    { vulkanDrivers: ['radeon_icd.json'], environment: { WAYLAND_DISPLAY: 'wayland-0' } },
    { 'enable-features': 'ForceEnableWebGpuInterop' },
  ],
  ['no card’s driver', { vulkanDrivers: ['lvp_icd.x86_64.json'] }, {}],
  ['Windows', { platform: 'win32' }, { force_high_performance_gpu: '' }],
  ['macOS', { platform: 'darwin', vulkanDrivers: ['nvidia_icd.json'] }, {}],
  [
    'nobody wants them',
    { vulkanDrivers: ['nvidia_icd.json'], environment: { CHARLOOM_GRAPHICS_SWITCHES: '0' } },
    {},
  ],
] as const)('%s', (_title, surroundings, expected) => {
  expect(switches(surroundings)).toEqual(expected);
});

test('a switch of the user stays', () => {
  const given = { 'enable-features': 'Mine', 'use-angle': 'gl' };
  expect(switches({ vulkanDrivers: ['nvidia_icd.json'] }, given)).toEqual({
    'enable-features': 'Mine,Vulkan,VulkanFromANGLE',
    'use-angle': 'gl',
  });
  const wanted = { 'ozone-platform': 'x11' };
  expect(switches({ vulkanDrivers: ['nvidia_icd.json'], environment: wayland }, wanted)).toMatchObject(x11);
});

test.each(['linux', 'win32', 'darwin'] as const)(
  'the protection from broken drivers is never lifted (%s)',
  (platform) => {
    const all = switches({ platform, vulkanDrivers: ['nvidia_icd.json', 'radeon_icd.json'] });
    expect(Object.keys(all)).not.toContain('enable-unsafe-webgpu');
  },
);
