import { createRequire } from 'node:module';
import {
  createWebgpuBackend,
  describeAdapter,
  deviceRequest,
  type WebgpuCard,
} from '../../engine/backends/webgpu/backend.ts';
import type { Backend } from '../../engine/backends/backend.ts';
import { CharloomError } from '../../shared/errors.ts';
import { dawnAddon } from './engine.ts';
import { explainLoadError, noAdapter, refuseFallback } from './refusals.ts';

/** The part of Dawn's Node binding that Charloom touches. */
interface DawnModule {
  /** @param flags options of Dawn, such as `backend=vulkan` */
  create(flags: readonly string[]): GPU;
}

const load = createRequire(import.meta.url);
/** Keeps the objects from `create`: if one is garbage-collected, the process ends, with everything that came from the object. */
const held: GPU[] = [];

/** A card with the device that Dawn made of it. */
export interface OpenedCard {
  readonly card: WebgpuCard;
  readonly device: GPUDevice;
}

/**
 * Loads Dawn into this process, which it may crash, and opens the fastest card.
 * @throws CharloomError('backend-unavailable') when it does not load, finds no card, or finds only a software renderer
 */
export async function openCard(folder: string): Promise<OpenedCard> {
  const adapter = await findAdapter(loadDawn(folder));
  const card = describeAdapter(adapter);
  refuseFallback(card);
  try {
    return { card, device: await adapter.requestDevice(deviceRequest(adapter)) };
  } catch (cause) {
    throw new CharloomError('backend-unavailable', `${card.label} could not be opened: ${reasonOf(cause)}`, {
      fix: 'Update its driver, or restart the computer. The embedded backend works without the card.',
      cause,
    });
  }
}

/** Starts the backend on this machine's fastest card. */
export async function loadDawnBackend(folder: string): Promise<Backend> {
  const { card, device } = await openCard(folder);
  return createWebgpuBackend(device, card);
}

function loadDawn(folder: string): GPU {
  try {
    const gpu = (load(dawnAddon(folder)) as DawnModule).create([]);
    held.push(gpu);
    return gpu;
  } catch (cause) {
    throw explainLoadError(cause);
  }
}

async function findAdapter(gpu: GPU): Promise<GPUAdapter> {
  // Without a driver, Dawn returns null or rejects, depending on the platform.
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
  if (adapter === null) throw noAdapter();
  return adapter;
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
}
