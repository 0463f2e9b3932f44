/** Pixels above and below the text's frame within which a page is drawn in full. */
const margin = '600px 0px';

/**
 * Reports whether a page of a text is visible or nearly: only then is it worth hundreds of elements. For `{@attach}`.
 * @param onchange its height must not depend on the answer
 */
export function whileNear(onchange: (isNear: boolean) => void): (element: HTMLElement) => () => void {
  return (element) => {
    const observer = new IntersectionObserver(
      (entries) => onchange(entries.at(-1)?.isIntersecting === true),
      { root: element.closest('.text-box'), rootMargin: margin },
    );
    observer.observe(element);
    return () => observer.disconnect();
  };
}
