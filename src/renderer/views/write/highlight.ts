/** The name under which tint.css styles it. */
const name = 'chosen-symbol';

/**
 * Marks a symbol without changing the text's elements, so that marking one of twenty thousand costs nothing. Several texts may each have
 * one. Returns what takes the mark away.
 */
export function chosenHighlight(range: Range | null): () => void {
  // Browsers without custom highlights still say the symbol in words below the text.
  if (range === null || !('highlights' in CSS)) return () => undefined;
  const highlight = CSS.highlights.get(name) ?? new Highlight();
  highlight.add(range);
  CSS.highlights.set(name, highlight);
  return () => void highlight.delete(range);
}
