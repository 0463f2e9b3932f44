import {
  Chart,
  LinearScale,
  LogarithmicScale,
  PointElement,
  ScatterController,
  type ChartDataset,
} from 'chart.js';
import { formatMeasure } from '../../shared/format/numbers.ts';
import { onThemeChange, readTheme, type ChartTheme } from './theme.ts';

Chart.register(ScatterController, PointElement, LinearScale, LogarithmicScale);

export interface ScatterPoint {
  readonly id: string;
  /** A number, or one of the labels of the axis. */
  readonly x: number | string;
  readonly y: number;
}

/** Points that look alike: by colour and by marker. */
export interface ScatterGroup {
  readonly points: readonly ScatterPoint[];
  /** A token of styles/tokens.css. */
  readonly colour: string;
  readonly marker: 'circle' | 'rectRot' | 'triangle' | 'cross';
  readonly radius: number;
  readonly opacity: number;
}

export interface ScatterContent {
  /** Later groups are drawn over earlier ones. */
  readonly groups: readonly ScatterGroup[];
  readonly x: {
    /** choices: words, evenly spread. */
    readonly scale: 'linear' | 'logarithmic' | 'choices';
    readonly title: string;
    /** For an axis of choices, in order. */
    readonly labels: readonly string[];
  };
  /** The top of the vertical axis; what is above it is drawn at the edge. */
  readonly maximum: number;
}

export interface ScatterEvents {
  /** The point under the pointer; null for none. */
  readonly onPointer: (id: string | null) => void;
  readonly onPick: (id: string) => void;
}

type Dot = Omit<ScatterPoint, 'x'> & { readonly x: number };

/** Owns one Chart.js scatter chart. */
export class ScatterChart {
  readonly #chart: Chart<'scatter', Dot[]>;
  readonly #events: ScatterEvents;
  readonly #stopThemes: () => void;
  #content: ScatterContent;

  constructor(canvas: HTMLCanvasElement, content: ScatterContent, events: ScatterEvents) {
    this.#content = content;
    this.#events = events;
    this.#chart = new Chart<'scatter', Dot[]>(canvas, {
      type: 'scatter',
      data: { datasets: [] },
      options: {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        events: ['mousemove', 'mouseout', 'click'],
        interaction: { mode: 'nearest', intersect: true },
        onHover: (_event, [found]) => this.#events.onPointer(this.#idOf(found)),
        onClick: (_event, [found]) => {
          const id = this.#idOf(found);
          if (id !== null) this.#events.onPick(id);
        },
      },
    });
    this.#stopThemes = onThemeChange(() => this.#redraw());
    this.#redraw();
  }

  show(content: ScatterContent): void {
    this.#content = content;
    this.#redraw();
  }

  destroy(): void {
    this.#stopThemes();
    this.#chart.destroy();
  }

  #idOf(found: { readonly datasetIndex: number; readonly index: number } | undefined): string | null {
    if (found === undefined) return null;
    return this.#chart.data.datasets[found.datasetIndex]?.data[found.index]?.id ?? null;
  }

  #redraw(): void {
    const theme = readTheme();
    // Chart.js draws the first on top.
    this.#chart.data.datasets = this.#content.groups
      .map((group) => datasetOf(group, this.#content, theme))
      .toReversed();
    this.#chart.data.labels = [...this.#content.x.labels];
    this.#chart.options.scales = scalesOf(this.#content, theme);
    this.#chart.update('none');
  }
}

function datasetOf(
  { points, colour, marker, radius, opacity }: ScatterGroup,
  { maximum, x: { scale, labels } }: ScatterContent,
  theme: ChartTheme,
): ChartDataset<'scatter', Dot[]> {
  const placeOf = (x: number | string): number =>
    scale === 'choices' ? labels.indexOf(String(x)) : Number(x);
  return {
    data: points.map(({ id, x, y }) => ({ id, x: placeOf(x), y: Math.min(y, maximum) })),
    clip: 8,
    pointStyle: marker,
    pointRadius: radius,
    pointHoverRadius: radius + 2,
    borderColor: theme.colour(colour, opacity),
    backgroundColor: theme.colour(colour, marker === 'cross' ? opacity : opacity * 0.6),
  };
}

function scalesOf({ x, maximum }: ScatterContent, theme: ChartTheme) {
  const font = { family: theme.fontFamily, size: theme.fontSize };
  const look = { grid: { color: theme.line }, border: { color: theme.line } };
  const ticks = { color: theme.inkSoft, font, maxRotation: 0, autoSkipPadding: 20 };
  const title = { display: true, text: x.title, color: theme.inkSoft, font };
  const isChoice = x.scale === 'choices';
  return {
    x: {
      ...look,
      title,
      type: x.scale === 'logarithmic' ? ('logarithmic' as const) : ('linear' as const),
      ...(isChoice ? { min: -0.5, max: x.labels.length - 0.5 } : {}),
      ticks: {
        ...ticks,
        maxTicksLimit: 5,
        ...(isChoice ? { stepSize: 1 } : {}),
        callback: (value: number | string): string =>
          isChoice ? (x.labels[Number(value)] ?? '') : formatMeasure(Number(value)),
      },
    },
    y: {
      ...look,
      type: 'linear' as const,
      ...(Number.isFinite(maximum) ? { max: maximum } : {}),
      ticks: {
        ...ticks,
        maxTicksLimit: 6,
        callback: (value: number | string): string => formatMeasure(Number(value)),
      },
    },
  };
}
