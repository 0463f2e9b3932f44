/** An output that the graph's own construction guarantees; its absence is a defect, not a condition. */
export function assertDefined<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the graph lacks a part that its builder should have made');
  return value;
}
