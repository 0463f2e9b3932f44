/** What is known about the card behind an adapter. Chromium tells pages less than Dawn tells Node: any text may be empty. */
export interface WebgpuCard {
  /** For people: "NVIDIA H200 (driver 580.82)". */
  readonly label: string;
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  /** The driver, as described by its maker. */
  readonly description: string;
  /** Whether the processor emulates the card. */
  readonly fallback: boolean;
}

/** An adapter's description of itself. */
export function describeAdapter({ info }: GPUAdapter): WebgpuCard {
  const { vendor, architecture, device, description, isFallbackAdapter } = info;
  return {
    label: labelOf(info),
    vendor,
    architecture,
    device,
    description,
    fallback: isFallbackAdapter,
  };
}

function labelOf({ vendor, architecture, device, description }: GPUAdapterInfo): string {
  const family = [vendor, architecture].filter((word) => word !== '').join(' ');
  const name = device || family || 'graphics card';
  return description === '' ? name : `${name} (${description})`;
}

/** Limits for which a network benefits from more than WebGPU guarantees. */
const wantedLimits = [
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxStorageBuffersPerShaderStage',
] as const satisfies readonly (keyof GPUSupportedLimits)[];

/** What to ask an adapter for: as much as it has of each limit that matters. */
export function deviceRequest({ limits }: GPUAdapter): GPUDeviceDescriptor {
  return { requiredLimits: Object.fromEntries(wantedLimits.map((name) => [name, limits[name]])) };
}

/** Names the arithmetic of a card: results are equal to the bit only within one card, driver and plan. */
export function cardVariant({ vendor, architecture, device, description }: WebgpuCard): string {
  const words = [vendor, architecture, device, description].map(slug).filter((word) => word !== '');
  return ['webgpu', ...words].join('-');
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9.]+/g, '_')
    .replaceAll(/^_+|_+$/g, '');
}
