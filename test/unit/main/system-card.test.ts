import { expect, test } from 'vitest';
import { completeNames } from '../../../src/main/services/system-card.ts';

const told = (card: string, driver = '') => ({ card, driver });

/** As Chromium reports them (`chrome://gpu`, GL_RENDERER and the devices). */
const windows = {
  gpuDevice: [
    {
      active: true,
      vendorId: 0x8086,
      deviceId: 0x9a49,
      driverVendor: 'Intel',
      driverVersion: '31.0.101.5590',
    },
    {
      active: false,
      vendorId: 0x10de,
      deviceId: 0x2520,
      driverVendor: 'NVIDIA',
      driverVersion: '32.0.15.6094',
    },
  ],
  auxAttributes: {
    glRenderer:
      'ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 Laptop GPU (0x00002520) Direct3D11 vs_5_0 ps_5_0, D3D11-32.0.15.6094)',
  },
};

test.each([
  [
    'the card that the windows are drawn with',
    told('nvidia ampere'),
    windows,
    told('NVIDIA GeForce RTX 3060 Laptop GPU', 'NVIDIA 32.0.15.6094'),
  ],
  [
    'another maker’s card than the one that draws',
    told('intel xe'),
    windows,
    told('intel xe', 'Intel 31.0.101.5590'),
  ],
  [
    'macOS',
    told('apple metal-3'),
    {
      gpuDevice: [{ active: true, vendorId: 0x106b }],
      auxAttributes: { glRenderer: 'ANGLE (Apple, ANGLE Metal Renderer: Apple M2 Pro, Unspecified Version)' },
    },
    told('Apple M2 Pro'),
  ],
  [
    'Linux with Vulkan',
    told('nvidia ada'),
    {
      gpuDevice: [{ vendorId: 0x10de, driverVendor: 'Nvidia', driverVersion: '560.35.03' }],
      auxAttributes: {
        glRenderer:
          'ANGLE (NVIDIA, Vulkan 1.3.280 (NVIDIA GeForce RTX 4070 (0x00002786)), NVIDIA-560.35.3.0)',
      },
    },
    told('NVIDIA GeForce RTX 4070', 'Nvidia 560.35.03'),
  ],
  [
    'a page that was told everything',
    told('nvidia ampere', 'NVIDIA 560'),
    { gpuDevice: [] },
    told('nvidia ampere', 'NVIDIA 560'),
  ],
  ['nothing that is known', told('amd rdna-3'), undefined, told('amd rdna-3')],
  [
    'something else than expected',
    told('amd rdna-3'),
    { gpuDevice: 'none', auxAttributes: 3 },
    told('amd rdna-3'),
  ],
])('%s', (_title, seen, info, expected) => {
  expect(completeNames(seen, info)).toEqual(expected);
});
