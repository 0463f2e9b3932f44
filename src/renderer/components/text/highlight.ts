/** Names under which highlight.css styles them. */
export type Mark = 'chosen-symbol' | 'copied-passage';

/**
 * Marks places of a text without changing its elements, so that marking one of twenty thousand symbols costs nothing. Several texts may each have
 * some. Returns a function that removes the marks.
 */
export function mark(name: Mark, ranges: readonly Range[]): () => void {
  // Browsers without custom highlights still have the text description.
  if (ranges.length === 0 || !('highlights' in CSS)) return () => undefined;
  const highlight = CSS.highlights.get(name) ?? new Highlight();
  for (const range of ranges) highlight.add(range);
  CSS.highlights.set(name, highlight);
  return () => {
    for (const range of ranges) highlight.delete(range);
  };
}

/**
 * Marks places, and marks them again whenever elements are added or removed: pages are drawn when they become visible, and a mark does not outlive the element it
 * was set on. Returns a function that removes the marks.
 */
export function keepMarked(
  container: HTMLElement,
  name: Mark,
  places: () => readonly (Range | null)[],
): () => void {
  let unmark = (): void => undefined;
  const draw = (): void => {
    unmark();
    unmark = mark(
      name,
      places().filter((range) => range !== null),
    );
  };
  draw();
  const observer = new MutationObserver(draw);
  observer.observe(container, { childList: true, subtree: true });
  return () => {
    observer.disconnect();
    unmark();
  };
}
