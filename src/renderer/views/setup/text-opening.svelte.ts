import { CharloomError, describeProblem } from '../../../shared/errors.ts';
import type { Run } from '../../../shared/domain/run.ts';
import type { AppState } from '../../stores/app-state.ts';
import type { Setup } from './setup.svelte.ts';

/** Opens the text that an address names in the draft, with the settings of a run if it names one too. */
export class TextOpening {
  isOpening = $state(true);
  /** Why there is nothing to prepare, in a sentence. */
  problem = $state.raw<string | null>(null);
  title = $state('');
  /** The run whose settings were taken over. */
  from = $state.raw<Run | null>(null);

  readonly #session: AppState;
  readonly #setup: Setup;
  #latest = 0;

  constructor(session: AppState, setup: Setup) {
    this.#session = session;
    this.#setup = setup;
  }

  async open(text: string, from: string | null): Promise<void> {
    const turn = ++this.#latest;
    this.isOpening = true;
    this.problem = null;
    try {
      const { draft, router } = this.#session;
      const title = await this.#titleOf(text);
      if (turn !== this.#latest) return;
      this.title = title;
      if (draft.text !== text) {
        this.from = null;
        this.#setup.change = null;
      }
      draft.open(text, title);
      if (from !== null) {
        await this.#takeOver(from);
        if (turn !== this.#latest) return;
        this.#setup.keepSettings(text);
        // Returning from another page must not load the old settings over changes made here.
        router.replace({ view: 'setup', text, from: null });
      }
    } catch (error) {
      if (turn === this.#latest) this.problem = describeProblem(error);
    } finally {
      if (turn === this.#latest) this.isOpening = false;
    }
  }

  /** The user has opened something else: pending results must not interfere. */
  leave(): void {
    this.#latest += 1;
  }

  async #titleOf(text: string): Promise<string> {
    const { library } = this.#session;
    const find = (): string | undefined => library.texts.find(({ id }) => id === text)?.title;
    if (find() === undefined) await library.refreshTexts();
    const title = find();
    if (title === undefined) {
      throw new CharloomError('not-found', 'This text is no longer in the list.');
    }
    return title;
  }

  async #takeOver(from: string): Promise<void> {
    const { bridge, draft } = this.#session;
    const { run } = await bridge.request('runs.get', { run: from });
    const { proposal } = draft;
    draft.proposal = null;
    if (run.settings !== null) draft.change({ ...run.settings, ...proposal });
    this.from = run;
  }
}
