import type { Library } from './library.svelte.ts';
import type { Route, Router } from './router.svelte.ts';

export interface TourStep {
  readonly title: string;
  /** Two sentences at most: what the page is for, and what to look at first. */
  readonly words: string;
  readonly route: Route;
}

/** A tour of the pages, in the order in which they are needed. It shows the real pages and changes nothing. */
export class Tour {
  /** Which step is shown, from 0; null while no tour is on. */
  at = $state<number | null>(null);
  readonly steps: readonly TourStep[] = $derived.by(() => stepsFor(this.#library));
  readonly step = $derived.by(() => (this.at === null ? null : (this.steps[this.at] ?? null)));

  readonly #library: Library;
  readonly #router: Router;

  constructor(library: Library, router: Router) {
    this.#library = library;
    this.#router = router;
  }

  start(): void {
    this.go(0);
  }

  go(step: number): void {
    const next = this.steps[step];
    if (next === undefined) {
      this.end();
      return;
    }
    this.at = step;
    this.#router.go(next.route);
  }

  /** Ends it; a tour that was seen or declined is not offered again. */
  end(): void {
    this.at = null;
    this.forget();
  }

  /** Never offers it again. Settings can still start it. */
  forget(): void {
    if (this.#library.settings.offerTour) void this.#library.change({ offerTour: false });
  }
}

function stepsFor({ texts, runs }: Library): readonly TourStep[] {
  const text = (texts.find(({ source }) => source !== 'sample') ?? texts[0])?.id ?? null;
  const run = runs.find(({ checkpoints }) => checkpoints > 0)?.id ?? runs[0]?.id ?? null;
  return [
    {
      title: 'Text',
      words:
        'A model learns from one text, your own or a bundled book. This page says first whether the text is long enough, and shows how it is split.',
      route: { view: 'data', text },
    },
    {
      title: 'Run setup',
      words:
        'Three presets fit the model to the text, and each says how long it takes on this computer. “All settings” shows everything else.',
      route: text === null ? { view: 'data', text } : { view: 'setup', text, from: null },
    },
    {
      title: 'Training',
      words:
        'Here you watch the loss fall, and read what the model writes at each checkpoint. A run can be paused, stopped and resumed at any time.',
      route: run === null ? { view: 'runs' } : { view: 'run', run },
    },
    {
      title: 'Checkpoints',
      words:
        'Each checkpoint is a saved model. The one with the lowest validation loss is the one to use, and it is not always the last.',
      route: { view: 'checkpoints', run },
    },
    {
      title: 'Write',
      words:
        'A checkpoint writes here, from the opening words and at the temperature that you choose. Click a symbol to see what else was likely.',
      route: { view: 'write', run: null, file: null },
    },
    {
      title: 'Home',
      words:
        'Everything starts here: your runs, your texts, and books to train on. Underlined words on all pages lead to the glossary.',
      route: { view: 'home' },
    },
  ];
}
