import type { CleaningStep } from '../../shared/domain/cleaning.ts';
import { cleaningStepNames } from '../../shared/domain/cleaning.ts';
import type { ReadChoices } from '../../shared/domain/documents.ts';
import type { InputWish, MadeInput, MadeText } from '../../shared/domain/made-text.ts';
import type { StepFinding } from '../../shared/domain/step-finding.ts';
import type { Text } from '../../shared/domain/text.ts';
import type { AppState } from './app-state.ts';
import { importParts, type ChosenFiles } from './import-files.ts';

type Parts = Pick<AppState, 'bridge' | 'library' | 'router' | 'messages'>;

/** The sources of a text, and the user's changes before it is created again. */
export class TextEdit {
  made = $state.raw<MadeText | null>(null);
  /** In the chosen order. */
  inputs = $state.raw<readonly MadeInput[]>([]);
  separator = $state('');
  /** What the steps that were not applied would find. */
  offered = $state.raw<readonly StepFinding[]>([]);
  /** True once every step has looked. */
  hasLooked = $state(false);
  busy = $state(false);

  readonly isChanged = $derived(
    this.made !== null && (this.separator !== this.made.separator || this.inputs !== this.made.inputs),
  );
  /** Steps that are switched on: applied to every file, or to some if the step would find nothing in the others. */
  readonly steps = $derived(
    cleaningStepNames.filter((step) => {
      const done = this.inputs.filter(({ cleaning }) => cleaning.includes(step)).length;
      return done > 0 && (done === this.inputs.length || !this.offers(step));
    }),
  );

  readonly text: Text;
  readonly #app: Parts;

  constructor(app: Parts, text: Text) {
    this.#app = app;
    this.text = text;
  }

  /** Asks what the text was made of, and what steps would find. Returns a function that stops it. */
  open(encoding: string | null): () => void {
    const { bridge, messages } = this.#app;
    let stop = (): void => undefined;
    let isOpen = true;
    void messages.attempt(async () => {
      const made = await bridge.request('texts.made', { text: this.text.id });
      if (!isOpen) return;
      this.made = made;
      this.revert();
      const steps = cleaningStepNames.filter((step) =>
        made.inputs.some(({ cleaning }) => !cleaning.includes(step)),
      );
      const stream = bridge.open('texts.changes', { text: this.text.id, encoding, steps }, (finding) => {
        this.offered = [...this.offered.filter(({ step }) => step !== finding.step), finding];
      });
      stop = () => stream.close();
      await stream.ended;
      this.hasLooked = true;
    });
    return () => {
      isOpen = false;
      stop();
    };
  }

  /** Whether a step that was not applied to every file would find something. */
  offers(step: CleaningStep): boolean {
    return this.offered.some((finding) => finding.step === step && finding.count > 0);
  }

  /** Takes back all changes. */
  revert(): void {
    this.inputs = this.made?.inputs ?? [];
    this.separator = this.made?.separator ?? '';
  }

  /** Moves a file to another place; 0 is the first. */
  move(key: string, place: number): void {
    const input = this.inputs.find((each) => each.key === key);
    if (input === undefined) return;
    this.inputs = this.inputs.filter((each) => each !== input).toSpliced(place, 0, input);
  }

  remove(key: string): void {
    this.inputs = this.inputs.filter((input) => input.key !== key);
  }

  choose(key: string, choices: Partial<ReadChoices>): void {
    this.inputs = this.inputs.map((input) =>
      input.key === key ? { ...input, choices: { ...input.choices, ...choices } } : input,
    );
  }

  /** Switches a step on or off, for all files. */
  turn(step: CleaningStep, isOn: boolean): void {
    this.inputs = this.inputs.map((input) => {
      const others = input.cleaning.filter((each) => each !== step);
      return { ...input, cleaning: isOn ? [...others, step] : others };
    });
  }

  /** Makes another state of the text, and opens it. */
  async apply(more: readonly InputWish[] = []): Promise<void> {
    const { bridge, library, router, messages } = this.#app;
    const kept = this.inputs.map(({ key, choices, cleaning }): InputWish => {
      return { from: { kind: 'kept', key }, choices, cleaning };
    });
    const wish = { title: this.text.title, inputs: [...kept, ...more], separator: this.separator };
    this.busy = true;
    await messages.attempt(async () => {
      const { id } = await bridge.request('texts.make', { text: this.text.id, ...wish });
      await library.refreshTexts();
      router.go({ view: 'data', text: id });
      messages.add('good', 'The text was created again. The earlier version is still in your texts.');
    });
    this.busy = false;
  }

  /** Adds files at the end, in natural order, and makes the text. */
  async add({ files }: ChosenFiles): Promise<void> {
    const { bridge, messages } = this.#app;
    this.busy = true;
    const parts = await messages.attempt(() => importParts({ bridge }, files));
    this.busy = false;
    if (parts !== undefined && parts.length > 0) await this.apply(parts);
  }
}
