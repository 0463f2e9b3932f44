/** A part of an element's text, in UTF-16 units. */
export interface SelectedPart {
  readonly element: HTMLElement;
  readonly from: number;
  readonly to: number;
}

/**
 * The selection within elements that draw a text, in order: where characters are drawn as something else (pictures, line breaks), the copy is taken
 * from the text itself.
 */
export function selectedParts(
  container: HTMLElement,
  selector: string,
  selection: Selection | null,
): readonly SelectedPart[] {
  if (selection === null || selection.isCollapsed || selection.rangeCount === 0) return [];
  const selected = selection.getRangeAt(0);
  return [...container.querySelectorAll<HTMLElement>(selector)].flatMap((element) => {
    if (!selected.intersectsNode(element)) return [];
    const from = offsetIn(element, selected.startContainer, selected.startOffset);
    const to = offsetIn(element, selected.endContainer, selected.endOffset);
    return to > from ? [{ element, from, to }] : [];
  });
}

/** How much of an element's text is before a boundary: none of it, all of it, or a part. */
function offsetIn(element: HTMLElement, node: Node, offset: number): number {
  const before = document.createRange();
  before.selectNodeContents(element);
  const side = before.comparePoint(node, offset);
  if (side < 0) return 0;
  if (side === 0) before.setEnd(node, offset);
  return before.toString().length;
}
