import { CharloomError } from '../../../../shared/errors.ts';

/**
 * Detects when a device is lost or reports an uncaught error. From then on nothing computed on it can be trusted, so all pending and later work
 * rejects with the first such failure.
 */
export class DeviceHealth {
  #failure: CharloomError | undefined;
  readonly #failed: Promise<never>;

  constructor(device: GPUDevice) {
    this.#failed = new Promise<never>((_, reject) => {
      const fail = (failure: CharloomError): void => {
        this.#failure ??= failure;
        reject(this.#failure);
      };
      void device.lost.then(({ message }) => fail(lostError(message)));
      device.addEventListener('uncapturederror', (event) => {
        // An error that becomes a rejection here need not appear on the console.
        event.preventDefault();
        fail(reportedError(event.error.message));
      });
    });
    // Prevents an unhandled rejection if nothing is waiting when it happens.
    this.#failed.catch(() => undefined);
  }

  /** Throws the device's failure, if it has failed. */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** The work's result, or the device's failure if that comes first or is the reason why the work failed. */
  async guard<Result>(work: Promise<Result>): Promise<Result> {
    try {
      const result = await Promise.race([work, this.#failed]);
      this.check();
      return result;
    } catch (error) {
      if (this.#failure !== undefined) throw this.#failure;
      // A buffer that was not destroyed cannot be read for one reason only, which the device may report later than the buffer does.
      throw error instanceof Error && readErrors.includes(error.name) ? lostError(error.message) : error;
    }
  }
}

/** What mapping a buffer rejects with. */
const readErrors = ['AbortError', 'OperationError'];

const lostFix = 'Resume the run from its last save, or train it on the processor.';

function lostError(message: string): CharloomError {
  return new CharloomError('backend-unavailable', `The graphics card was lost: ${firstSentence(message)}.`, {
    fix: lostFix,
  });
}

function reportedError(message: string): CharloomError {
  return new CharloomError(
    'backend-unavailable',
    `The graphics card reported an error: ${firstSentence(message)}.`,
    { fix: lostFix },
  );
}

/** The first line of a driver's message, without its full stop. */
export function firstSentence(message: string): string {
  const [line = ''] = message.trim().split('\n');
  return line.replace(/\.$/, '') || 'no reason was given';
}
