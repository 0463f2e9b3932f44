import type { Chart, Plugin } from 'chart.js';
import type { Band, Baseline, Curve } from './curve.ts';
import { nearestIndex } from './search.ts';
import type { ChartTheme } from './theme.ts';

/** What the drawing over the curves needs to know when it draws. */
export interface Overlay {
  readonly theme: ChartTheme;
  readonly baselines: readonly Baseline[];
  readonly bands: readonly Band[];
  readonly curves: readonly Curve[];
  /** The position at which values are read. */
  readonly pointer: number | null;
}

/** Draws bands behind the curves, baselines with their names, and the line and rings where values are read off. */
export function overlayPlugin(overlay: () => Overlay): Plugin<'line'> {
  return {
    id: 'overlay',
    beforeDatasetsDraw: (chart) => {
      const { bands, theme } = overlay();
      chart.ctx.save();
      drawBands(chart, bands, theme);
      chart.ctx.restore();
    },
    afterDatasetsDraw: (chart) => {
      const { baselines, curves, pointer, theme } = overlay();
      chart.ctx.save();
      drawBaselines(chart, baselines, theme);
      if (pointer !== null) drawPointer(chart, curves, pointer, theme);
      chart.ctx.restore();
    },
  };
}

/** Shaded, with a rule along the top: where the system chooses the colours, the rule is all that remains of it. */
function drawBands(chart: Chart<'line'>, bands: readonly Band[], theme: ChartTheme): void {
  const { ctx, chartArea, scales } = chart;
  for (const { start, end } of bands) {
    const from = scales['x']?.getPixelForValue(start) ?? Number.NaN;
    const to = scales['x']?.getPixelForValue(end) ?? Number.NaN;
    const left = Math.max(chartArea.left, from);
    const width = Math.min(chartArea.right, to) - left;
    if (!(width > 0)) continue;
    ctx.fillStyle = theme.colour('--band');
    ctx.fillRect(left, chartArea.top, width, chartArea.bottom - chartArea.top);
    ctx.fillStyle = theme.colour('--band-edge');
    ctx.fillRect(left, chartArea.top, width, 3);
  }
}

function drawBaselines(chart: Chart<'line'>, baselines: readonly Baseline[], theme: ChartTheme): void {
  const { ctx, chartArea, scales } = chart;
  ctx.font = `${theme.fontSize}px ${theme.fontFamily}`;
  ctx.textAlign = 'right';
  let lastText = Infinity;
  for (const { label, y } of baselines.toSorted((a, b) => a.y - b.y)) {
    const pixel = scales['y']?.getPixelForValue(y) ?? Number.NaN;
    if (!(pixel >= chartArea.top && pixel <= chartArea.bottom)) continue;
    ctx.strokeStyle = theme.inkSoft;
    ctx.lineWidth = 1;
    ctx.setLineDash([2, 4]);
    ctx.beginPath();
    ctx.moveTo(chartArea.left, pixel);
    ctx.lineTo(chartArea.right, pixel);
    ctx.stroke();
    // From the bottom up: a name that would touch the one below it moves up.
    const text = Math.min(pixel - 4, lastText - theme.fontSize - 2);
    lastText = text;
    if (text - theme.fontSize < chartArea.top) continue;
    ctx.lineWidth = 3;
    ctx.setLineDash([]);
    ctx.strokeStyle = theme.surface;
    ctx.strokeText(label, chartArea.right - 4, text);
    ctx.fillStyle = theme.inkSoft;
    ctx.fillText(label, chartArea.right - 4, text);
  }
}

function drawPointer(
  chart: Chart<'line'>,
  curves: readonly Curve[],
  pointer: number,
  theme: ChartTheme,
): void {
  const { ctx, chartArea, scales } = chart;
  const x = scales['x']?.getPixelForValue(pointer) ?? Number.NaN;
  if (!(x >= chartArea.left && x <= chartArea.right)) return;
  ctx.setLineDash([]);
  ctx.strokeStyle = theme.inkSoft;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.moveTo(x, chartArea.top);
  ctx.lineTo(x, chartArea.bottom);
  ctx.stroke();
  for (const curve of curves) {
    const index = nearestIndex(curve.x, pointer);
    const pointX = scales['x']?.getPixelForValue(curve.x[index] ?? Number.NaN) ?? Number.NaN;
    const pointY = scales['y']?.getPixelForValue(curve.y[index] ?? Number.NaN) ?? Number.NaN;
    if (!(pointY >= chartArea.top && pointY <= chartArea.bottom && pointX >= chartArea.left)) continue;
    ctx.strokeStyle = theme.colour(curve.look.colour);
    ctx.fillStyle = theme.surface;
    ctx.lineWidth = 2;
    ctx.beginPath();
    ctx.arc(pointX, pointY, 4.5, 0, 2 * Math.PI);
    ctx.fill();
    ctx.stroke();
  }
}
