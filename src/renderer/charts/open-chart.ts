import type { ChartContent, ChartEvents, CurveChart } from './curve-chart.ts';

/**
 * Makes a chart on a canvas. Chart.js is the largest thing that the pages need and most pages do without it, so it is loaded with the first
 * chart. Returns what destroys the chart, also one that is still on its way.
 */
export function openChart(
  canvas: HTMLCanvasElement,
  content: () => ChartContent,
  events: ChartEvents,
  ready: (chart: CurveChart) => void,
): () => void {
  let isClosed = false;
  let chart: CurveChart | null = null;
  void import('./curve-chart.ts').then((module) => {
    if (isClosed) return;
    chart = new module.CurveChart(canvas, content(), events);
    ready(chart);
  });
  return () => {
    isClosed = true;
    chart?.destroy();
  };
}
