import { once } from 'node:events';
import { checkDifference } from '../../node/engines/check-difference.ts';
import type { TrialReport } from '../../node/engines/trial-report.ts';
import type { CardReport } from '../../node/webgpu/card-probe.ts';
import type { FoundGraphics, GraphicsSource } from '../../node/backend/graphics-source.ts';
import { noAdapter, refuseFallback } from '../../node/webgpu/refusals.ts';
import type { WindowGraphics } from '../../shared/domain/backends.ts';
import { failureOf } from '../../shared/ipc/failures.ts';
import { graphicsAnswerSchema, type GraphicsAnswer, type GraphicsTask } from '../../shared/graphics-page.ts';
import type { OpenGraphicsWindow } from '../windows/graphics-window.ts';
import { completeNames } from './system-card.ts';

export interface WindowGraphicsOptions {
  readonly open: (task: GraphicsTask) => OpenGraphicsWindow;
  /** `app.getGPUInfo('complete')` */
  readonly gpuInfo: () => Promise<unknown>;
  /** Chromium's version. */
  readonly version: string;
  /** Whether the processor may emulate the card: for tests on machines without one. */
  readonly allowSoftware: boolean;
  /** Trains a small model on the card. */
  readonly train: (card: WindowGraphics, signal: AbortSignal) => Promise<TrialReport>;
}

/** Milliseconds for a window to report its card: on first use the driver may have to start. */
const answerTimeoutMs = 30_000;
/** Milliseconds for the information that only completes the card's name. */
const infoTimeoutMs = 5000;

/** WebGPU of the application's own Chromium, in windows that are never shown. */
export class WindowGraphicsSource implements GraphicsSource {
  readonly host = 'window';
  readonly #options: WindowGraphicsOptions;
  #found: Promise<FoundGraphics> | undefined;

  constructor(options: WindowGraphicsOptions) {
    this.#options = options;
  }

  find(): Promise<FoundGraphics> {
    return (this.#found ??= this.#look());
  }

  async test(signal: AbortSignal): Promise<CardReport> {
    this.forget();
    const card = await this.#describe();
    const { difference, openMilliseconds } = await this.#options.train(card, signal);
    checkDifference(difference);
    return { label: card.card, driver: card.driver, difference, openMilliseconds };
  }

  /** Something has happened to the card: it is detected again when next needed. */
  forget(): void {
    this.#found = undefined;
  }

  /** Opens a window for a process that computes on the card. */
  compute({ card, driver }: WindowGraphics): OpenGraphicsWindow {
    const { open, allowSoftware } = this.#options;
    return open({ task: 'compute', card, driver, software: allowSoftware });
  }

  async #look(): Promise<FoundGraphics> {
    try {
      return { backend: await this.#describe(), problem: null };
    } catch (error) {
      return { backend: null, problem: failureOf(error) };
    }
  }

  async #describe(): Promise<WindowGraphics> {
    const seen = await this.#ask();
    if (seen.found === 'none') throw noAdapter();
    const { allowSoftware, gpuInfo, version } = this.#options;
    const { label, driver: told, fallback } = seen;
    refuseFallback(seen, { CHARLOOM_SOFTWARE_GPU: allowSoftware ? '1' : '0' });
    // An emulated card is none of the system's cards.
    const info = fallback ? undefined : await withinLimit(gpuInfo(), infoTimeoutMs).catch(() => undefined);
    const names = completeNames({ card: label, driver: told }, info);
    const [card, driver] = [names.card.slice(0, 300), names.driver.slice(0, 300)];
    return { kind: 'webgpu', host: 'window', version, card, driver };
  }

  async #ask(): Promise<GraphicsAnswer> {
    const { port, close } = this.#options.open({ task: 'describe' });
    try {
      const signal = AbortSignal.timeout(answerTimeoutMs);
      const emitter = port as unknown as NodeJS.EventEmitter;
      const closed = once(emitter, 'close', { signal }).then(() => {
        throw new Error('The window that looks for the graphics card has closed.');
      });
      const answered = once(emitter, 'message', { signal });
      closed.catch(() => undefined);
      answered.catch(() => undefined);
      port.start();
      const [event] = await Promise.race([answered, closed]);
      return graphicsAnswerSchema.parse((event as { readonly data: unknown }).data);
    } finally {
      close();
    }
  }
}

async function withinLimit<Value>(promise: Promise<Value>, milliseconds: number): Promise<Value | undefined> {
  const limit = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => limit.resolve(undefined), milliseconds);
  return Promise.race([promise, limit.promise]).finally(() => clearTimeout(timer));
}
