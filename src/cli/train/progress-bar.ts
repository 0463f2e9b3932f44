import { formatDuration } from '../../shared/format/durations.ts';
import {
  formatCount,
  formatEpoch,
  formatLoss,
  formatMeasure,
  formatPlannedEpochs,
} from '../../shared/format/numbers.ts';

/** The progress of a run as one line of text. */
export interface RunStatus {
  readonly iteration: number;
  readonly iterations: number;
  readonly epoch: number;
  /** Iterations of one epoch. */
  readonly iterationsPerEpoch: number;
  /** Recent loss, smoothed. */
  readonly loss: number;
  readonly charactersPerSecond: number;
  /** Milliseconds until the end, NaN while unknown. */
  readonly remaining: number;
}

/**
 * The status line of a run: bar, count, loss, speed, time left. In a narrow terminal the least important parts are dropped first, so
 * that the line never wraps (a wrapped line cannot be redrawn).
 */
export function progressBar(status: RunStatus, columns: number): string {
  const share = status.iterations === 0 ? 1 : Math.min(1, status.iteration / status.iterations);
  const percent = `${String(Math.floor(share * 100)).padStart(3)} %`;
  const loss = `loss ${formatLoss(status.loss)}`;
  const left = Number.isFinite(status.remaining) ? `${formatDuration(status.remaining)} left` : '';
  const count = `${formatCount(status.iteration)} of ${formatCount(status.iterations)}`;
  const epoch = `epoch ${formatEpoch(status.epoch)} of ${formatPlannedEpochs(status)}`;
  const speed = `${formatMeasure(status.charactersPerSecond)} characters/s`;
  const versions = [
    [percent, bar(share, 20), count, epoch, loss, speed, left],
    [percent, bar(share, 20), count, loss, speed, left],
    [percent, bar(share, 10), count, loss, left],
    [percent, count, loss, left],
    [percent, loss, left],
    [percent, loss],
  ].map((parts) => parts.filter((part) => part !== '').join('  '));
  // The last column stays free: some terminals wrap as soon as it is written.
  return versions.find((line) => line.length < columns) ?? percent;
}

function bar(share: number, width: number): string {
  const full = Math.round(share * width);
  return `[${'#'.repeat(full)}${'-'.repeat(width - full)}]`;
}

/** The same as a sentence for a log. */
export function progressLine(status: RunStatus): string {
  const left = Number.isFinite(status.remaining) ? `, ${formatDuration(status.remaining)} left` : '';
  return (
    `iteration ${formatCount(status.iteration)} of ${formatCount(status.iterations)} (epoch ${formatEpoch(status.epoch)} of ${formatPlannedEpochs(status)}): ` +
    `loss ${formatLoss(status.loss)}, ${formatMeasure(status.charactersPerSecond)} characters/s${left}`
  );
}
