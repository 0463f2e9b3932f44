import { originTitle, type ModelOrigin } from '../domain/model-origin.ts';
import { CharloomError } from '../errors.ts';

/** "imported from char-rnn, lm_poems.t7": completes a list of facts. */
export function originFact(origin: ModelOrigin): string {
  return `imported from ${originTitle(origin)}, ${origin.file}`;
}

/** What the file of an imported model does not contain, and the consequences, one sentence each. */
export function missingSentences(origin: ModelOrigin, iteration: number): readonly string[] {
  return [
    'It holds no optimiser memory, so its training cannot be resumed; a new run can start from it.',
    ...(origin.tellsText
      ? []
      : [
          'It does not say which text the model was trained on, so what it writes cannot be compared with that text.',
        ]),
    ...(origin.tellsEpochs || iteration === 0
      ? []
      : ['It does not say how many epochs the model was trained, so all of its training counts as one.']),
  ];
}

/** Why an imported run cannot be resumed. */
export function notResumable(name: string): CharloomError {
  return new CharloomError(
    'bad-run',
    `The model of ${name} was imported without the memory of its optimiser, so its training cannot be resumed.`,
    { fix: 'Start a new run from it.' },
  );
}

/** Why a written text cannot be compared with an imported model's training text. */
export function unknownLearnedText(): CharloomError {
  return new CharloomError(
    'not-found',
    'This model was imported, and its file does not say which text it was trained on.',
  );
}
