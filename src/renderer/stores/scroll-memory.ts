/** Milliseconds that a page that is returned to may take to become as long as it was. */
const growthMs = 2000;
const storageKey = 'charloom.scroll';

/** Scroll positions by history entry, from the top in pixels. */
type Positions = Map<number, number>;

/**
 * Browsers restore the scroll position of a document, not of an element inside it: this does the same for the element in which pages scroll. A new
 * history entry starts at the top; an entry that is returned to, or reloaded, where it was.
 * @returns a function that stops it
 */
export function rememberScroll(scroller: HTMLElement, window: Window): () => void {
  const positions = recall(window.sessionStorage);
  let entry = entryOf(window.history) ?? mark(window.history, positions);
  let endRestoring = restore(scroller, positions.get(entry) ?? 0);

  const scrolled = (): void => void positions.set(entry, scroller.scrollTop);
  const moved = (): void => {
    endRestoring();
    const known = entryOf(window.history);
    entry = known ?? mark(window.history, positions);
    if (known === null) scroller.scrollTop = 0;
    else endRestoring = restore(scroller, positions.get(known) ?? 0);
  };
  const left = (): void => keep(window.sessionStorage, positions);
  scroller.addEventListener('scroll', scrolled, { passive: true });
  window.addEventListener('hashchange', moved);
  window.addEventListener('pagehide', left);
  return () => {
    endRestoring();
    scroller.removeEventListener('scroll', scrolled);
    window.removeEventListener('hashchange', moved);
    window.removeEventListener('pagehide', left);
  };
}

/** Scrolls as soon as the page is long enough, unless the user scrolls first. */
function restore(scroller: HTMLElement, top: number): () => void {
  if (top === 0) {
    scroller.scrollTop = 0;
    return () => undefined;
  }
  const attempt = (): void => {
    scroller.scrollTop = top;
    if (Math.abs(scroller.scrollTop - top) < 2) end();
  };
  const watch = new ResizeObserver(attempt);
  const timer = setTimeout(() => end(), growthMs);
  const interruptions = ['wheel', 'pointerdown', 'keydown'] as const;
  const end = (): void => {
    watch.disconnect();
    clearTimeout(timer);
    for (const kind of interruptions) scroller.removeEventListener(kind, end);
  };
  for (const kind of interruptions) scroller.addEventListener(kind, end, { passive: true });
  for (const child of scroller.children) watch.observe(child);
  return end;
}

function entryOf({ state }: History): number | null {
  const entry: unknown = (state as { readonly entry?: unknown } | null)?.entry;
  return typeof entry === 'number' ? entry : null;
}

function mark(history: History, positions: Positions): number {
  const entry = Math.max(0, ...positions.keys()) + 1;
  positions.set(entry, 0);
  history.replaceState({ entry }, '');
  return entry;
}

function recall(storage: Storage): Positions {
  try {
    const kept: unknown = JSON.parse(storage.getItem(storageKey) ?? '[]');
    if (!Array.isArray(kept)) return new Map();
    return new Map(kept.filter(isPosition));
  } catch {
    return new Map();
  }
}

function isPosition(pair: unknown): pair is [number, number] {
  return Array.isArray(pair) && pair.length === 2 && pair.every((value) => typeof value === 'number');
}

function keep(storage: Storage, positions: Positions): void {
  try {
    storage.setItem(storageKey, JSON.stringify([...positions]));
  } catch {
    // Private windows may refuse: pages then start at the top.
  }
}
