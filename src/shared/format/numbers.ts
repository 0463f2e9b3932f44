/** Numbers for display: English digits and separators, whatever the machine's locale. */

/** 1115394 -> "1,115,394". */
export function formatCount(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** "1 chunk", "446 chunks"; the plural is `s` unless given. */
export function formatQuantity(value: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(value)} ${Math.round(value) === 1 ? noun : plural}`;
}

/** A loss in nats per symbol, with four decimals as in checkpoint names; "not a number" if it is none. */
export function formatLoss(value: number | null): string {
  if (value === null) return 'none';
  if (Number.isNaN(value)) return 'not a number';
  return Number.isFinite(value) ? value.toFixed(4) : 'infinite';
}

/** An epoch: 0.9456 -> "0.95". */
export function formatEpoch(value: number): string {
  return value.toFixed(2);
}

/** The epochs that a plan's iterations amount to: 3 epochs of 334 in 1,002 -> "3"; 1,000 iterations of 461 -> "2.17". */
export function formatPlannedEpochs({
  iterations,
  iterationsPerEpoch,
}: {
  readonly iterations: number;
  readonly iterationsPerEpoch: number;
}): string {
  const epochs = iterationsPerEpoch === 0 ? 0 : iterations / iterationsPerEpoch;
  return Number.isInteger(epochs) ? formatCount(epochs) : formatEpoch(epochs);
}

/** "1 epoch", "2.17 epochs". */
export function plannedEpochsInWords(plan: Parameters<typeof formatPlannedEpochs>[0]): string {
  const epochs = formatPlannedEpochs(plan);
  return `${epochs} ${epochs === '1' ? 'epoch' : 'epochs'}`;
}

/** Three significant digits below 1,000, whole numbers above: 0.0234 -> "0.0234", 25.83 -> "25.8", 96774 -> "96,774". */
export function formatMeasure(value: number): string {
  if (!Number.isFinite(value)) return 'unknown';
  return value >= 100 ? formatCount(value) : String(Number(value.toPrecision(3)));
}

/** 0.954 -> "95 %"; small shares keep a digit so that they do not read as nothing. */
export function formatShare(value: number): string {
  const percent = value * 100;
  const digits = percent > 0 && percent < 1 ? 1 : 0;
  return `${percent.toFixed(digits)} %`;
}

const byteUnits = ['bytes', 'KB', 'MB', 'GB', 'TB'] as const;

/** Decimal units, as disks and file managers count: 1499999 -> "1.5 MB". */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < byteUnits.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : Number(value.toFixed(1))} ${byteUnits[unit] ?? ''}`;
}

/** The difference between two computations, with two digits: 3.1e-7; 0 if they agree to the bit. */
export function formatDifference(difference: number): string {
  return difference === 0 ? '0' : difference.toExponential(1);
}
