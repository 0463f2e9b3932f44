import type { Attachment } from 'svelte/attachments';
import { partsInSight, RowHeights } from './row-places.ts';

/** A list up to this length is drawn as a whole: the browser's own search finds everything in it. */
const shortList = 60;

export type DrawnPart<T> =
  | { readonly kind: 'row'; readonly key: string; readonly index: number; readonly item: T }
  | { readonly kind: 'gap'; readonly key: string; readonly height: number };

interface Options<T> {
  readonly items: () => readonly T[];
  readonly key: (item: T) => string;
  /** Height of a row that has not been drawn yet, in pixels. */
  readonly estimate: number;
  /** A row that is always drawn. */
  readonly pinned?: () => string | null;
}

/**
 * A long list of which only the visible part is drawn, so that thousands of rows cost no more than a screenful. The element around the rows gets
 * `host`, each row `measure(key)`; rows may have any height. `aria-rowcount` or `aria-setsize`, which the caller sets, tell assistive technology
 * about the rows that are not drawn.
 */
export class VirtualRows<T> {
  readonly #options: Options<T>;
  readonly #heights = new RowHeights();
  /** Incremented when a height becomes known. */
  #measured = $state(0);
  #sight = $state.raw({ top: 0, bottom: 0 });
  /** The row that has the keyboard focus. */
  #focused = $state<string | null>(null);
  #look: () => void = () => undefined;
  #rowObserver: ResizeObserver | undefined;
  readonly #keyOf = new WeakMap<Element, string>();

  constructor(options: Options<T>) {
    this.#options = options;
  }

  readonly parts = $derived.by((): readonly DrawnPart<T>[] => {
    const { items, key, estimate } = this.#options;
    const all = items();
    const row = (index: number): DrawnPart<T> => {
      const item = all[index] as T;
      return { kind: 'row', key: key(item), index, item };
    };
    if (all.length <= shortList) return all.map((_, index) => row(index));
    void this.#measured;
    const heightOf = (index: number): number => this.#heights.get(key(all[index] as T)) ?? estimate;
    const placeOf = (wanted: string | null): number =>
      wanted === null ? -9 : all.findIndex((item) => key(item) === wanted);
    const focused = placeOf(this.#focused);
    // The rows before and after it are drawn, so that the keyboard reaches them however fast it moves.
    const pinned = [focused - 1, focused, focused + 1, placeOf(this.#options.pinned?.() ?? null)];
    return partsInSight({ count: all.length, heightOf }, this.#sight, pinned).map((part) =>
      part.kind === 'row'
        ? row(part.index)
        : { kind: 'gap', key: `gap before ${part.before}`, height: part.height },
    );
  });

  readonly host: Attachment<HTMLElement> = (host) => {
    let frame = 0;
    const look = (): void => {
      frame = 0;
      const { top } = host.getBoundingClientRect();
      const window = windowOf(host);
      this.#sight = { top: window.top - top, bottom: window.bottom - top };
    };
    this.#look = () => {
      frame ||= requestAnimationFrame(look);
    };
    const focus = ({ type, target, relatedTarget }: FocusEvent): void => {
      // While another window has the focus, the row is kept for when the focus comes back.
      if (type === 'focusout' && relatedTarget === null && !document.hasFocus()) return;
      const now = type === 'focusin' ? target : relatedTarget;
      const row = now instanceof Element && host.contains(now) ? now.closest('[data-row]') : null;
      const key = row?.getAttribute('data-row') ?? null;
      if (key !== null) this.#focused = key;
      // An element removed from the page during an update loses the keyboard focus.
      else queueMicrotask(() => (this.#focused = null));
    };
    const stop = new AbortController();
    const { signal } = stop;
    // The scrolling container: the page, or a box.
    window.addEventListener('scroll', this.#look, { capture: true, passive: true, signal });
    window.addEventListener('resize', this.#look, { signal });
    host.addEventListener('focusin', focus, { signal });
    host.addEventListener('focusout', focus, { signal });
    look();
    return () => {
      stop.abort();
      cancelAnimationFrame(frame);
      this.#rowObserver?.disconnect();
      this.#rowObserver = undefined;
    };
  };

  /** For the element of a row, which is marked with `data-row`. */
  measure(key: string): Attachment<HTMLElement> {
    return (row) => {
      row.setAttribute('data-row', key);
      this.#keyOf.set(row, key);
      this.#rowObserver ??= new ResizeObserver((entries) => this.#hear(entries));
      this.#rowObserver.observe(row);
      return () => this.#rowObserver?.unobserve(row);
    };
  }

  #hear(entries: readonly ResizeObserverEntry[]): void {
    let isNew = false;
    for (const { target } of entries) {
      const key = this.#keyOf.get(target);
      const { height } = target.getBoundingClientRect();
      if (key !== undefined && this.#heights.learn(key, height)) isNew = true;
    }
    if (!isNew) return;
    this.#measured++;
    this.#look();
  }
}

/** Gives an element a height: the content security policy allows no style in the markup. */
export function tall(pixels: number): Attachment<HTMLElement> {
  return (element) => {
    element.style.height = `${pixels}px`;
  };
}

/** The part of the screen in which an element can be visible: the window, clipped by the boxes that scroll it. */
function windowOf(element: HTMLElement): { readonly top: number; readonly bottom: number } {
  let sight = { top: 0, bottom: window.innerHeight };
  for (let box = element.parentElement; box !== null; box = box.parentElement) {
    if (!['auto', 'scroll'].includes(getComputedStyle(box).overflowY)) continue;
    // A box as tall as its content scrolls only sideways.
    if (box.scrollHeight <= box.clientHeight + 1) continue;
    const { top, bottom } = box.getBoundingClientRect();
    sight = { top: Math.max(sight.top, top), bottom: Math.min(sight.bottom, bottom) };
  }
  return sight;
}
