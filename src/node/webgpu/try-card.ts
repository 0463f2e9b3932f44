import { createWebgpuBackend } from '../../engine/backends/webgpu/backend.ts';
import { differenceFromEmbedded } from '../engines/self-test.ts';
import type { CardReport } from './card-probe.ts';
import { openCard } from './dawn.ts';

/**
 * The child's side of a CardProbe.
 * @param train whether a small model is trained on the card and on the embedded backend
 */
export async function tryCard(folder: string, train: boolean): Promise<CardReport> {
  const started = performance.now();
  const { card, device } = await openCard(folder);
  const openMilliseconds = performance.now() - started;
  const backend = createWebgpuBackend(device, card);
  try {
    const difference = train ? await differenceFromEmbedded(backend) : null;
    return { label: card.label, driver: card.description, difference, openMilliseconds };
  } finally {
    backend.dispose();
  }
}
