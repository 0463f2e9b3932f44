export interface PageSection {
  readonly title: string;
  readonly heading: HTMLElement;
}

/** A page with fewer sections, or little longer than a screen, needs no table of contents; one with many more has a search of its own. */
const minSections = 3;
const maxSections = 20;
const minScreens = 1.5;
const refreshIntervalMs = 200;
/** Pixels below the upper edge at which a section counts as the one being read. */
const readingLine = 120;

/** The sections of the page that is shown, if it is long: found by their headings, so that no page has to list its own. */
export class PageSections {
  list = $state.raw<readonly PageSection[]>([]);
  /** Index of the section being read. */
  current = $state(0);
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * Follows the page.
   * @param scroller its scrolling container
   * @param main its content
   * @returns a function that stops it
   */
  follow(scroller: HTMLElement, main: HTMLElement): () => void {
    const refresh = (): void => {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#find(scroller, main);
      }, refreshIntervalMs);
    };
    const mutations = new MutationObserver(refresh);
    mutations.observe(main, { childList: true, subtree: true });
    const sizes = new ResizeObserver(refresh);
    sizes.observe(main);
    sizes.observe(scroller);
    const scrolled = (): void => this.#locate(scroller);
    scroller.addEventListener('scroll', scrolled, { passive: true });
    return () => {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      mutations.disconnect();
      sizes.disconnect();
      scroller.removeEventListener('scroll', scrolled);
    };
  }

  /** Scrolls to a section and moves the focus there. */
  show({ heading }: PageSection): void {
    heading.scrollIntoView({ block: 'start' });
    heading.setAttribute('tabindex', '-1');
    heading.focus({ preventScroll: true });
  }

  #find(scroller: HTMLElement, main: HTMLElement): void {
    const isLong = main.offsetHeight > minScreens * scroller.clientHeight;
    const found = isLong
      ? Array.from(main.querySelectorAll<HTMLElement>('h2'))
          .filter((heading) => heading.closest('dialog') === null && heading.offsetParent !== null)
          .map((heading) => ({ title: titleOf(heading), heading }))
      : [];
    const list = found.length >= minSections && found.length <= maxSections ? found : [];
    const isSame =
      list.length === this.list.length &&
      list.every(
        ({ heading, title }, index) =>
          this.list[index]?.heading === heading && this.list[index].title === title,
      );
    if (!isSame) this.list = list;
    this.#locate(scroller);
  }

  #locate(scroller: HTMLElement): void {
    const line = scroller.getBoundingClientRect().top + readingLine;
    const isAtEnd = scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 2;
    const passed = this.list.findLastIndex(({ heading }) => heading.getBoundingClientRect().top <= line);
    this.current = isAtEnd && scroller.scrollTop > 0 ? this.list.length - 1 : Math.max(0, passed);
  }
}

/** Without text that is for screen readers only. */
function titleOf(heading: HTMLElement): string {
  const shown = Array.from(heading.childNodes).filter(
    (node) => !(node instanceof Element && node.classList.contains('visually-hidden')),
  );
  return shown
    .map(({ textContent }) => textContent)
    .join('')
    .trim();
}
