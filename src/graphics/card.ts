import type { Backend } from '../engine/backends/backend.ts';
import { createWebgpuBackend, describeAdapter, deviceRequest } from '../engine/backends/webgpu/backend.ts';
import { CharloomError } from '../shared/errors.ts';
import type { GraphicsAnswer, GraphicsTask } from '../shared/graphics-page.ts';

/** The card, as far as a page can know it. */
export async function describeCard(): Promise<GraphicsAnswer> {
  const adapter = await findAdapter();
  if (adapter === null) return { found: 'none' };
  const { label, description, fallback } = describeAdapter(adapter);
  return { found: 'card', label: label.slice(0, 300), driver: description.slice(0, 300), fallback };
}

/**
 * Opens the fastest card and computes on it.
 * @throws CharloomError('backend-unavailable') when there is none, when the processor emulates one, or when it does not open
 */
export async function openCard({
  card: name,
  driver,
  software,
}: Extract<GraphicsTask, { task: 'compute' }>): Promise<Backend> {
  const adapter = await findAdapter();
  const seen = adapter === null ? undefined : describeAdapter(adapter);
  if (adapter === null || seen === undefined || (seen.fallback && !software)) {
    throw new CharloomError('backend-unavailable', 'The graphics card is no longer available.', {
      fix: 'Restart Charloom; the embedded backend does without the card.',
    });
  }
  const device = await adapter.requestDevice(deviceRequest(adapter)).catch((cause: unknown) => {
    throw new CharloomError('backend-unavailable', `${name} does not open: ${firstLine(cause)}`, {
      fix: 'Update its driver, or restart the computer. The embedded backend works without the card.',
      cause,
    });
  });
  // Results are bit-identical only within one card and driver, whose names a page does not get.
  return createWebgpuBackend(device, { ...seen, label: name, device: name, description: driver });
}

/** Null where the browser has no WebGPU, or finds no card for it. */
async function findAdapter(): Promise<GPUAdapter | null> {
  // A browser without WebGPU has no such object, although the types say so.
  const gpu = (navigator as Partial<Navigator>).gpu;
  return (await gpu?.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null)) ?? null;
}

function firstLine(cause: unknown): string {
  return cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
}
