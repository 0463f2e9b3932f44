/** The current page. Stored in the fragment of the address, so that back, forward, reload and links work as in any page. */
export type Route =
  | { readonly view: 'home' }
  | { readonly view: 'data'; readonly text: string | null }
  | { readonly view: 'setup'; readonly text: string; readonly from: string | null }
  | { readonly view: 'runs' }
  | { readonly view: 'run'; readonly run: string }
  | { readonly view: 'sweeps'; readonly sweep: string | null }
  | { readonly view: 'checkpoints'; readonly run: string | null }
  | { readonly view: 'compare'; readonly runs: readonly string[] }
  | { readonly view: 'write'; readonly run: string | null; readonly file: string | null }
  | { readonly view: 'write-imported'; readonly file: string }
  | { readonly view: 'inside'; readonly run: string | null; readonly file: string | null }
  | { readonly view: 'inside-imported'; readonly file: string }
  | { readonly view: 'settings' }
  | { readonly view: 'glossary'; readonly term: string | null };

/** The address of a place, for links. */
export function href(route: Route): string {
  return `#/${parts(route)
    .map((part) => encodeURIComponent(part))
    .join('/')}`;
}

function parts(route: Route): readonly string[] {
  switch (route.view) {
    case 'home':
      return [];
    case 'data':
      return ['data', ...present(route.text)];
    case 'setup':
      return ['setup', route.text, ...present(route.from)];
    case 'runs':
      return ['runs'];
    case 'run':
      return ['runs', route.run];
    case 'sweeps':
      return ['sweeps', ...present(route.sweep)];
    case 'checkpoints':
      return ['checkpoints', ...present(route.run)];
    case 'compare':
      return ['compare', ...route.runs];
    case 'write':
      return ['write', ...present(route.run), ...present(route.file)];
    case 'write-imported':
      return ['imported', route.file];
    case 'inside':
      return ['inside', ...present(route.run), ...present(route.file)];
    case 'inside-imported':
      return ['inside-imported', route.file];
    case 'settings':
      return ['settings'];
    case 'glossary':
      return ['glossary', ...present(route.term)];
    default: {
      const never: never = route;
      return never;
    }
  }
}

function present(part: string | null): readonly string[] {
  return part === null ? [] : [part];
}

/** The place that an address means; anything unknown is home. */
export function parseRoute(hash: string): Route {
  const [view = '', first = null, second = null, ...rest] = hash
    .replace(/^#?\/?/, '')
    .split('/')
    .filter((part) => part !== '')
    .map(decode);
  switch (view) {
    case 'data':
      return { view, text: first };
    case 'setup':
      return first === null ? { view: 'data', text: null } : { view, text: first, from: second };
    case 'runs':
      return first === null ? { view } : { view: 'run', run: first };
    case 'sweeps':
      return { view, sweep: first };
    case 'checkpoints':
      return { view, run: first };
    case 'compare':
      return { view, runs: [first, second, ...rest].filter((part) => part !== null) };
    case 'write':
      return { view, run: first, file: second };
    case 'imported':
      return first === null
        ? { view: 'write', run: null, file: null }
        : { view: 'write-imported', file: first };
    case 'inside':
      return { view, run: first, file: second };
    case 'inside-imported':
      return first === null ? { view: 'inside', run: null, file: null } : { view, file: first };
    case 'settings':
      return { view };
    case 'glossary':
      return { view, term: first };
    default:
      return { view: 'home' };
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export class Router {
  route = $state.raw<Route>({ view: 'home' });
  readonly #window: Window;

  constructor(window: Window) {
    this.#window = window;
    this.route = parseRoute(window.location.hash);
    window.addEventListener('hashchange', () => {
      this.route = parseRoute(window.location.hash);
    });
  }

  go(route: Route): void {
    this.#window.location.hash = href(route);
  }

  /** Changes the address without a new history entry. */
  replace(route: Route): void {
    this.#window.history.replaceState(this.#window.history.state, '', href(route));
    this.route = route;
  }
}
