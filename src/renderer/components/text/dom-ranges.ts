import { offsetsOf, pageOf, positionAt, type WrittenText } from '../../stores/writing/written-text.ts';

/** Pages are drawn as elements with this class, in order; the characters inside are the page's, in order. */
const pageClass = 'symbols';

/** Where a symbol is drawn; null while it is not. */
export function rangeOf(container: HTMLElement, written: WrittenText, position: number): Range | null {
  const page = pageOf(written, position);
  if (page === undefined) return null;
  const element = container.getElementsByClassName(pageClass)[written.pages.indexOf(page)];
  if (element === undefined) return null;
  const { from, to } = offsetsOf(page, position);
  return rangeIn([element], from, to);
}

/** Where a part of the written text is drawn, given in UTF-16 units; null while it is not. */
export function rangeBetween(container: HTMLElement, start: number, end: number): Range | null {
  return rangeIn(container.getElementsByClassName(pageClass), start, end);
}

/** The characters from `start` up to but not including `end` of these elements' text, one after the other. */
function rangeIn(elements: Iterable<Element>, start: number, end: number): Range | null {
  const range = document.createRange();
  let passed = 0;
  let hasBegun = false;
  for (const element of elements) {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const length = node.textContent?.length ?? 0;
      if (!hasBegun && start < passed + length) {
        range.setStart(node, start - passed);
        hasBegun = true;
      }
      if (hasBegun && end <= passed + length) {
        range.setEnd(node, end - passed);
        return range;
      }
      passed += length;
    }
  }
  return null;
}

/** Scrolls so that a place is a third of the height below the top. */
export function scrollToRange(container: HTMLElement, range: Range): void {
  const frame = container.getBoundingClientRect();
  container.scrollTop += range.getBoundingClientRect().top - frame.top - frame.height / 3;
}

/** The symbol under a point of the window; null beside the text. */
export function positionUnder(
  container: HTMLElement,
  written: WrittenText,
  point: { readonly x: number; readonly y: number },
): number | null {
  const caret = caretAt(point);
  const element = caret?.node.parentElement?.closest(`.${pageClass}`);
  if (caret === null || !element || !container.contains(element)) return null;
  const page = written.pages[[...container.getElementsByClassName(pageClass)].indexOf(element)];
  if (page === undefined) return null;
  const before = document.createRange();
  before.setStart(element, 0);
  before.setEnd(caret.node, caret.offset);
  const offset = before.toString().length;
  // A caret is between two symbols: the one that contains the point is meant.
  for (const candidate of [offset, offset - 1]) {
    const position = positionAt(page, Math.max(0, candidate));
    const range = rangeOf(container, written, position);
    if (range !== null && [...range.getClientRects()].some((rect) => holds(rect, point))) return position;
  }
  return null;
}

function holds(rect: DOMRect, { x, y }: { readonly x: number; readonly y: number }): boolean {
  return x >= rect.left && x <= rect.right && y >= rect.top && y <= rect.bottom;
}

/** The caret position nearest to a point. Browsers have one of the two methods: WebKit had only its own until 2025. */
function caretAt({ x, y }: { readonly x: number; readonly y: number }): Caret | null {
  const here: Partial<Pick<Document, 'caretPositionFromPoint' | 'caretRangeFromPoint'>> = document;
  const caret = here.caretPositionFromPoint?.(x, y);
  if (caret) return { node: caret.offsetNode, offset: caret.offset };
  const range = here.caretRangeFromPoint?.(x, y);
  return range ? { node: range.startContainer, offset: range.startOffset } : null;
}

interface Caret {
  readonly node: Node;
  readonly offset: number;
}
