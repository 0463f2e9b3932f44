import { z } from 'zod';

/** What Chromium knows about a computer's graphics, most of which pages cannot see (`app.getGPUInfo('complete')`). */
const gpuInfoSchema = z.object({
  gpuDevice: z
    .array(
      z.object({
        active: z.boolean().optional(),
        vendorId: z.number().optional(),
        driverVendor: z.string().optional(),
        driverVersion: z.string().optional(),
      }),
    )
    .optional(),
  auxAttributes: z.object({ glRenderer: z.string().optional() }).optional(),
});
type GpuInfo = z.infer<typeof gpuInfoSchema>;

/** A card, as far as it is known; '' for unknown parts. */
export interface CardNames {
  readonly card: string;
  readonly driver: string;
}

/** Manufacturers' PCI vendor ids, by their names in WebGPU. */
const vendorIds: Readonly<Record<string, number>> = {
  nvidia: 0x10de,
  amd: 0x1002,
  intel: 0x8086,
  apple: 0x106b,
  qualcomm: 0x5143,
};

/**
 * The names of the card and the driver: what the page knows, completed by what Chromium knows about the card of the same manufacturer.
 * @param seen what the page knows: perhaps only a family of cards, such as "nvidia ampere"
 * @param info from Electron, of unknown type
 */
export function completeNames(seen: CardNames, info: unknown): CardNames {
  const known = gpuInfoSchema.safeParse(info).data ?? {};
  const vendor = seen.card.toLowerCase().split(' ')[0] ?? '';
  const renderer = rendererName(known);
  return {
    card: renderer.toLowerCase().includes(vendor) && renderer !== '' ? renderer : seen.card,
    driver: seen.driver === '' ? driverOf(known, vendor) : seen.driver,
  };
}

/** "ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 (0x2504) Direct3D11 vs_5_0 ps_5_0, D3D11-31.0.15)": the part in the middle, without its interface. */
function rendererName({ auxAttributes }: GpuInfo): string {
  const renderer = auxAttributes?.glRenderer ?? '';
  const middle = /^ANGLE \([^,]*, (.*), [^,]*\)$/.exec(renderer)?.[1] ?? renderer;
  return middle
    .replace(/^ANGLE Metal Renderer: |^Vulkan [\d.]+ \(|\)$/g, '')
    .replace(/ (\(0x|Direct3D|\/PCIe|OpenGL).*$/, '')
    .trim();
}

function driverOf({ gpuDevice = [] }: GpuInfo, vendor: string): string {
  const device =
    gpuDevice.find(({ vendorId }) => vendorId !== undefined && vendorId === vendorIds[vendor]) ??
    gpuDevice.find(({ active }) => active === true);
  const { driverVendor = '', driverVersion = '' } = device ?? {};
  return [driverVendor, driverVersion].filter((word) => word !== '').join(' ');
}
