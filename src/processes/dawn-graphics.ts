import type { FoundGraphics, GraphicsSource } from '../node/backend/graphics-source.ts';
import type { CardProbe, CardReport } from '../node/webgpu/card-probe.ts';
import { findWebgpuEngine, type WebgpuEngine } from '../node/webgpu/engine.ts';
import { checkDifference } from '../node/engines/check-difference.ts';
import { CharloomError } from '../shared/errors.ts';
import { failureOf } from '../shared/ipc/failures.ts';
import { probeCard } from './probe-card.ts';
import type { ForkProcess } from './process.ts';

/** A driver that has not responded by then will not respond. */
const timeoutMs = 60_000;

/**
 * WebGPU of Dawn, once it is installed. A compute process finds its card, which is remembered as long as the same engine is installed; a failure is
 * not, since a driver may have been installed.
 */
export class DawnGraphics implements GraphicsSource {
  readonly host = 'dawn';
  readonly #probe: CardProbe;
  readonly #known = new Map<string, Promise<CardReport>>();

  constructor(fork: ForkProcess) {
    this.#probe = probeCard(fork);
  }

  async find(): Promise<FoundGraphics> {
    const engine = await findWebgpuEngine();
    if (engine === undefined) return { backend: null, problem: null };
    const { folder, manifest } = engine;
    try {
      const { label: card, driver } = await this.#card(engine);
      const { version } = manifest;
      return { backend: { kind: 'webgpu', host: 'dawn', folder, version, card, driver }, problem: null };
    } catch (error) {
      return { backend: null, problem: failureOf(error) };
    }
  }

  async test(signal: AbortSignal): Promise<CardReport | null> {
    const engine = await findWebgpuEngine();
    if (engine === undefined) return null;
    const report = await this.#probe(engine.folder, { train: true, signal });
    checkDifference(report.difference ?? 0);
    return report;
  }

  /** Simultaneous requests share one process. */
  #card({ folder, manifest }: WebgpuEngine): Promise<CardReport> {
    const key = `${folder} ${manifest.version}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const asked = this.#ask(folder);
    this.#known.set(key, asked);
    asked.catch(() => this.#known.delete(key));
    return asked;
  }

  async #ask(folder: string): Promise<CardReport> {
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      return await this.#probe(folder, { train: false, signal });
    } catch (error) {
      if (!signal.aborted) throw error;
      throw new CharloomError('backend-unavailable', "The graphics card's driver does not respond.", {
        fix: 'Restart the computer. The embedded backend works without the card.',
      });
    }
  }
}
