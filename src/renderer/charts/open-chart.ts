import type { ChartContent, ChartEvents, CurveChart } from './curve-chart.ts';

/**
 * Creates a chart on a canvas. Chart.js is the largest dependency of the pages, and most pages do without it, so it is loaded with the first
 * chart. Returns a function that destroys the chart, even one that is still loading.
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
