/** The tokens of styles/tokens.css as a canvas needs them. */
export interface ChartTheme {
  readonly ink: string;
  readonly inkSoft: string;
  readonly line: string;
  readonly surface: string;
  readonly accent: string;
  readonly fontFamily: string;
  /** Pixels. */
  readonly fontSize: number;
  /** The colour of a token, transparent where the opacity is below 1. */
  colour(token: string, opacity?: number): string;
}

export function readTheme(root: HTMLElement = document.documentElement): ChartTheme {
  const style = getComputedStyle(root);
  const written = (name: string): string => style.getPropertyValue(name).trim();
  const token = forcedColours().matches ? (name: string) => resolved(written(name), root) : written;
  return {
    ink: token('--ink'),
    inkSoft: token('--ink-soft'),
    line: token('--line'),
    surface: token('--surface'),
    accent: token('--accent'),
    fontFamily: written('--font-ui'),
    fontSize: 0.8 * Number.parseFloat(style.fontSize),
    colour: (name, opacity = 1) =>
      opacity >= 1 ? token(name) : `color-mix(in srgb, ${token(name)} ${opacity * 100}%, transparent)`,
  };
}

function forcedColours(): MediaQueryList {
  return matchMedia('(forced-colors: active)');
}

/** The value of one of the system's colours: a canvas cannot use them directly. */
function resolved(colour: string, root: HTMLElement): string {
  const probe = document.createElement('span');
  probe.style.setProperty('forced-color-adjust', 'none');
  probe.style.color = colour;
  root.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** Calls back whenever theme, the system's colours or text size change, until the returned function is called. */
export function onThemeChange(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'style'] });
  const forced = forcedColours();
  forced.addEventListener('change', changed);
  return () => {
    observer.disconnect();
    forced.removeEventListener('change', changed);
  };
}
