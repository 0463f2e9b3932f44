/** Milliseconds between two reports. */
const reportIntervalMs = 100;

/** Passes on the first, the last (1) and at most ten a second of the shares in between. */
export function throttled(tell: (fraction: number) => void): (fraction: number) => void {
  let told = -Infinity;
  return (fraction) => {
    const now = performance.now();
    if (fraction < 1 && now - told < reportIntervalMs) return;
    told = now;
    tell(Math.min(1, Math.max(0, fraction)));
  };
}
