import { listenForInterrupts } from '../node/interrupts.ts';

/** Lets Ctrl-C cancel the work cleanly. */
export async function withCancel(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  const ignore = listenForInterrupts({
    onStop: stop,
    onLeave: () => process.exit(130),
    onCheckpoint: () => undefined,
  });
  try {
    await work(controller.signal);
  } finally {
    ignore();
  }
}
