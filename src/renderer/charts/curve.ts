/** How points of a curve are marked, so that curves can be distinguished without colour. */
export type Marker = 'none' | 'circle' | 'rectRot' | 'triangle' | 'rect' | 'star' | 'cross';

export interface CurveLook {
  /** Name of a colour token, for instance `--train`. */
  readonly colour: string;
  /** Lengths of dashes and gaps; empty for a solid line. */
  readonly dash: readonly number[];
  readonly marker: Marker;
  readonly width: number;
  /** 0..1 */
  readonly opacity: number;
}

/** A line of a chart: columns of equal length, x ascending, NaN where there is no value. */
export interface Curve {
  readonly id: string;
  readonly label: string;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly look: CurveLook;
}

/** A horizontal line with a name. */
export interface Baseline {
  readonly label: string;
  readonly y: number;
}

/** A stretch of the horizontal axis. */
export interface Band {
  readonly start: number;
  readonly end: number;
}

export type YScale = 'linear' | 'logarithmic';
