/** The fewest last characters with which the loss is within one percent of what it is with all of them; null when none of those measured is. */
export function reachOf(
  points: readonly { readonly characters: number; readonly loss: number }[],
  all: number,
): number | null {
  return points.find(({ loss }) => loss <= all * 1.01)?.characters ?? null;
}
