import {
  unreadable,
  type VocabularyChoice,
  type VocabularyMismatch,
} from '../../../shared/domain/symbol-fit.ts';
import type { VocabularyUse } from '../../../shared/domain/vocabulary-use.ts';
import type { Draft } from '../../stores/draft.svelte.ts';
import type { InitialModel } from './initial-model.svelte.ts';
import { findMismatch } from './model-fit.ts';

/** How the symbols of a text match those of the starting model. */
export class SymbolFit {
  readonly #draft: Draft;
  readonly #beginning: InitialModel;

  constructor(draft: Draft, beginning: InitialModel) {
    this.#draft = draft;
    this.#beginning = beginning;
  }

  /** Why that model cannot continue with this text directly; null if it can, or while either is unknown. */
  readonly mismatch = $derived.by((): VocabularyMismatch | null => {
    const known = this.#draft.inspection?.known ?? null;
    const { model } = this.#beginning;
    if (model === null || known === null) return null;
    return findMismatch(model, known.vocabulary, this.#draft.settings.symbols);
  });

  get choice(): VocabularyChoice | null {
    return this.#draft.vocabulary;
  }

  choose(choice: VocabularyChoice): void {
    this.#draft.chooseVocabulary(choice);
  }

  /** What would become of the text in the model's own symbols; null while it is counted. */
  readonly kept = $derived.by(() =>
    this.mismatch?.kind === 'vocabulary' ? (this.#draft.inspection?.translated ?? null) : null,
  );

  /** What becomes of the symbols with each choice; null while it is counted. */
  readonly uses = $derived.by((): Readonly<Record<VocabularyChoice, VocabularyUse | null>> => {
    const known = this.#beginning.model?.vocabulary.length ?? 0;
    const added = this.mismatch?.unknown.length ?? 0;
    const characters = this.#draft.inspection?.known?.characters ?? 0;
    const { kept } = this;
    return {
      keep:
        kept === null
          ? null
          : {
              ...{ choice: 'keep', known, added: 0 },
              ...{ characters: kept.characters, replaced: kept.replaced, leftOut: kept.leftOut },
            },
      widen: { choice: 'widen', known, added, characters, replaced: 0, leftOut: 0 },
    };
  });

  /** What the run reads of the text if it uses symbols other than the text's own; null if it does not, or while it is counted. */
  readonly translated = $derived.by(() => {
    const use = this.#used;
    return use === null ? null : { characters: use.characters, vocabularySize: use.known + use.added };
  });

  /** Why no run can start like this; null if one can. */
  readonly obstacle = $derived.by((): string | null => {
    const { mismatch, choice, kept } = this;
    if (mismatch === null) return null;
    if (mismatch.kind === 'reading') return mismatch.sentence;
    if (choice === null)
      return `${mismatch.sentence} Under “Start from”, choose what to do with the symbols that differ.`;
    if (choice === 'widen') return null;
    if (kept === null) return 'Counting symbols...';
    const reason = unreadable('learning', kept.leftOut, this.#draft.inspection?.known?.characters ?? 0);
    return reason === null ? null : `${reason}. Add the text’s symbols, or choose another checkpoint.`;
  });

  /** Requests a count of the text in the model's symbols; to be called in an effect, which then depends on both. */
  ask(): void {
    const inspection = this.#draft.inspection;
    const vocabulary = this.#beginning.model?.vocabulary;
    if (this.mismatch?.kind !== 'vocabulary' || vocabulary === undefined) return;
    if (inspection === null || inspection.report === null || inspection.isResting) return;
    inspection.translate(vocabulary);
  }

  get #used(): VocabularyUse | null {
    return this.mismatch?.kind === 'vocabulary' && this.choice !== null ? this.uses[this.choice] : null;
  }
}
