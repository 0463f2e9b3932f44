import type { BrowserWindow, Rectangle } from 'electron';
import type { WindowBounds } from '../windows/options.ts';
import type { StateFile, StoredBounds } from './state-file.ts';

const firstSize = { width: 1280, height: 860 };
/** This much of a window must be on a screen so that the user can move it. */
const leastVisible = 80;

/** The initial position of the window: where it was, if that is still on a screen. */
export function restoredBounds(
  saved: StoredBounds | undefined,
  workAreas: readonly Rectangle[],
): WindowBounds {
  const { width, height } = saved ?? firstSize;
  const isVisible = saved !== undefined && workAreas.some((area) => overlaps(area, saved));
  return isVisible
    ? { x: saved.x, y: saved.y, width, height }
    : { x: undefined, y: undefined, width, height };
}

/** Whether enough of the window's upper edge, by which it is moved, is within an area. */
function overlaps(area: Rectangle, { x, y, width }: Rectangle): boolean {
  const visible = Math.min(x + width, area.x + area.width) - Math.max(x, area.x);
  return visible >= leastVisible && y >= area.y && y < area.y + area.height - leastVisible;
}

/** Stores the position of the window when it closes. */
export function rememberBounds(window: BrowserWindow, state: Pick<StateFile, 'set'>): void {
  window.on('close', () => {
    const { x, y, width, height } = window.getNormalBounds();
    state.set('window', { x, y, width, height, isMaximized: window.isMaximized() });
  });
}
