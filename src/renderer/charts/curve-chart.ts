import {
  Chart,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  type ChartDataset,
  type Point,
} from 'chart.js';
import zoomPlugin from 'chartjs-plugin-zoom';
import { formatMeasure } from '../../shared/format/numbers.ts';
import { formatX, xTitle, type ChartAxis } from './axes.ts';
import type { Band, Baseline, Curve, YScale } from './curve.ts';
import { decimate } from './decimation.ts';
import { overlayPlugin } from './plugins.ts';
import { extent, moved, within, zoomed, type Range } from './range.ts';
import { onThemeChange, readTheme, type ChartTheme } from './theme.ts';

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale, zoomPlugin);

/** Milliseconds between two drawings while points keep arriving. */
const redrawIntervalMs = 250;

export interface ChartContent {
  readonly curves: readonly Curve[];
  readonly baselines: readonly Baseline[];
  /** Stretches of the horizontal axis that are marked behind the curves. */
  readonly bands?: readonly Band[] | undefined;
  readonly xAxis: ChartAxis;
  readonly yScale: YScale;
  /** A small chart has few ticks and cannot be zoomed. */
  readonly small: boolean;
  /** How the vertical axis is labelled; three digits when left out. */
  readonly formatY?: ((value: number) => string) | undefined;
}

export interface ChartEvents {
  /** The pointer's position on the x axis; null if there is none. */
  readonly onPointer?: (x: number | null) => void;
  /** The part that is shown; null for all. */
  readonly onView?: (view: Range | null) => void;
}

/**
 * Owns one Chart.js chart. It draws at most four times a second, and of each curve only what the visible part of the screen can show, so the number
 * of points does not matter.
 */
export class CurveChart {
  readonly #canvas: HTMLCanvasElement;
  readonly #chart: Chart<'line', Point[]>;
  readonly #events: ChartEvents;
  readonly #stopThemes: () => void;
  #content: ChartContent;
  #theme: ChartTheme = readTheme();
  #zoom: Range | null = null;
  #pointer: number | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #drawn = 0;
  #isDestroyed = false;

  constructor(canvas: HTMLCanvasElement, content: ChartContent, events: ChartEvents = {}) {
    this.#canvas = canvas;
    this.#content = content;
    this.#events = events;
    this.#chart = this.#create();
    this.#stopThemes = onThemeChange(() => {
      this.#theme = readTheme();
      this.#redraw();
    });
    canvas.addEventListener('pointermove', this.#point);
    canvas.addEventListener('pointerleave', this.#unpoint);
    this.#redraw();
  }

  /** Shows other content. Changes in quick succession are drawn together. */
  show(content: ChartContent): void {
    const isOtherAxis = content.xAxis !== this.#content.xAxis;
    const isOtherLook = isOtherAxis || content.yScale !== this.#content.yScale;
    this.#content = content;
    if (isOtherAxis) this.#setZoom(null);
    if (isOtherLook) this.#redraw();
    else this.#timer ??= setTimeout(() => this.#redraw(), this.#drawn + redrawIntervalMs - performance.now());
  }

  /** Reads values off at a position, or nowhere. */
  point(x: number | null): void {
    if (x === this.#pointer) return;
    this.#pointer = x;
    this.#chart.draw();
  }

  zoomBy(factor: number): void {
    const whole = this.#whole;
    if (whole === null) return;
    const view = zoomed(this.#zoom ?? whole, whole, factor);
    this.#setZoom(view.max - view.min >= whole.max - whole.min ? null : view);
    this.#redraw();
  }

  moveBy(share: number): void {
    const whole = this.#whole;
    if (whole === null || this.#zoom === null) return;
    this.#setZoom(moved(this.#zoom, whole, share));
    this.#redraw();
  }

  reset(): void {
    this.#setZoom(null);
    this.#redraw();
  }

  destroy(): void {
    this.#isDestroyed = true;
    clearTimeout(this.#timer);
    this.#stopThemes();
    this.#canvas.removeEventListener('pointermove', this.#point);
    this.#canvas.removeEventListener('pointerleave', this.#unpoint);
    this.#chart.destroy();
  }

  get #whole(): Range | null {
    return extent(this.#content.curves.map(({ x }) => x));
  }

  #setZoom(zoom: Range | null): void {
    if (zoom === this.#zoom) return;
    this.#zoom = zoom;
    this.#events.onView?.(zoom);
  }

  readonly #point = (event: PointerEvent): void => {
    const { chartArea, scales } = this.#chart;
    const isInside = event.offsetX >= chartArea.left && event.offsetX <= chartArea.right;
    this.#events.onPointer?.(isInside ? (scales['x']?.getValueForPixel(event.offsetX) ?? null) : null);
  };

  readonly #unpoint = (): void => this.#events.onPointer?.(null);

  #create(): Chart<'line', Point[]> {
    return new Chart<'line', Point[]>(this.#canvas, {
      type: 'line',
      data: { datasets: [] },
      plugins: [
        overlayPlugin(() => ({
          theme: this.#theme,
          baselines: this.#content.baselines,
          bands: this.#content.bands ?? [],
          curves: this.#content.curves,
          pointer: this.#pointer,
        })),
      ],
      options: {
        animation: false,
        parsing: false,
        normalized: true,
        responsive: true,
        maintainAspectRatio: false,
        // Values are read off in the component; Chart.js need not look for points.
        events: [],
        onResize: () => queueMicrotask(() => this.#redraw()),
        elements: { line: { tension: 0 } },
        scales: { x: { type: 'linear' }, y: { type: 'linear' } },
        plugins: { zoom: this.#zoomOptions() },
      },
    });
  }

  /** Ctrl with the wheel (which is what pinching sends), so that the page can be scrolled over a chart. */
  #zoomOptions() {
    const isOn = !this.#content.small;
    const onZoom = (): void => this.#takeZoom();
    return {
      zoom: {
        mode: 'x' as const,
        wheel: { enabled: isOn, modifierKey: 'ctrl' as const },
        pinch: { enabled: isOn },
        drag: {
          enabled: isOn,
          backgroundColor: this.#theme.colour('--accent', 0.15),
          borderColor: this.#theme.accent,
          borderWidth: 1,
        },
        onZoom,
      },
      pan: { enabled: isOn, mode: 'x' as const, modifierKey: 'shift' as const, onPan: onZoom },
    };
  }

  /** The plugin has changed the bounds of the axis: the visible part is thinned again. */
  #takeZoom(): void {
    const { min, max } = this.#chart.scales['x']?.options ?? {};
    const whole = this.#whole;
    if (typeof min !== 'number' || typeof max !== 'number' || whole === null) return;
    const view = within({ min, max }, whole);
    this.#setZoom(view.max - view.min >= whole.max - whole.min ? null : view);
    this.#redraw();
  }

  #redraw(): void {
    if (this.#isDestroyed) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#drawn = performance.now();
    const view = this.#zoom ?? this.#whole ?? { min: 0, max: 1 };
    const width = Math.max(50, Math.round(this.#chart.chartArea?.width ?? this.#canvas.clientWidth));
    // Chart.js draws the first curve on top; here, later curves cover earlier ones.
    this.#chart.data.datasets = this.#content.curves
      .map((curve) => this.#dataset(curve, view, width))
      .toReversed();
    this.#chart.options.scales = this.#scales(view);
    if (this.#chart.options.plugins !== undefined) this.#chart.options.plugins.zoom = this.#zoomOptions();
    this.#chart.update('none');
  }

  #dataset(curve: Curve, view: Range, columns: number): ChartDataset<'line', Point[]> {
    const { colour, dash, marker, width, opacity } = curve.look;
    const points = decimate(curve.x, curve.y, view.min, view.max, columns);
    // Markers that would overlap are useless.
    const isMarked = marker !== 'none' && points.length <= columns / 6;
    return {
      data: points,
      // Room for markers on the edge.
      clip: 5,
      borderColor: this.#theme.colour(colour, opacity),
      backgroundColor: this.#theme.colour(colour, opacity),
      borderWidth: width,
      borderDash: [...dash],
      pointStyle: marker === 'none' ? false : marker,
      // A lone point has no line: it must be seen.
      pointRadius: isMarked ? 4 : points.length === 1 ? 3 : 0,
      ...(points.length === 1 && marker === 'none' ? { pointStyle: 'circle' as const } : {}),
    };
  }

  #scales(view: Range) {
    const { xAxis, yScale, small, baselines, formatY = formatMeasure } = this.#content;
    const font = { family: this.#theme.fontFamily, size: this.#theme.fontSize };
    const look = {
      grid: { color: this.#theme.line },
      border: { color: this.#theme.line },
    };
    const ticks = { color: this.#theme.inkSoft, font, maxRotation: 0, autoSkipPadding: 16 };
    // Zoomed in, the curves alone decide the height.
    const levels = this.#zoom === null ? baselines.map(({ y }) => y) : [];
    const bounds =
      levels.length === 0 ? {} : { suggestedMin: Math.min(...levels), suggestedMax: Math.max(...levels) };
    return {
      x: {
        ...look,
        // Most happens within the first few characters.
        type: xAxis === 'characters' ? ('logarithmic' as const) : ('linear' as const),
        min: view.min,
        max: view.max,
        title: { display: !small, text: xTitle(xAxis), color: this.#theme.inkSoft, font },
        ticks: {
          ...ticks,
          includeBounds: false,
          maxTicksLimit: small ? 4 : 10,
          // There is no iteration between two iterations.
          ...(xAxis === 'iteration' || xAxis === 'symbol' || xAxis === 'characters' ? { precision: 0 } : {}),
          callback: (value: number | string) => formatTick(xAxis, Number(value)),
        },
      },
      y: {
        ...look,
        ...bounds,
        type: yScale,
        ticks: {
          ...ticks,
          maxTicksLimit: small ? 4 : 8,
          callback: (value: number | string) => formatY(Number(value)),
        },
      },
    };
  }
}

/** Epochs with just enough digits to distinguish them: a short run has many ticks between two epochs. */
function formatTick(axis: ChartAxis, value: number): string {
  return axis === 'epoch' ? formatMeasure(value) : formatX(axis, value);
}
