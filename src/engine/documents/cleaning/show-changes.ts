import { cleaningStepNames, type CleaningStep } from '../../../shared/domain/cleaning.ts';
import type { StepCount } from '../../../shared/domain/documents.ts';
import type { ShownChange, StepFinding } from '../../../shared/domain/step-finding.ts';
import { countCharacters } from '../decode.ts';
import type { Cleaned, CleaningExample } from './changes.ts';
import { cleaningFunctions } from './clean.ts';

/** Changes of a step that are shown. */
const mostShown = 3;
/** Characters shown around a change, and at most of the change itself. */
const around = 16;
const longest = 120;

/** A text that was cleaned, with the first changes of each step that found something. */
export interface ShownCleaning {
  readonly text: string;
  readonly counts: readonly StepCount[];
  /** Positions are in the cleaned text, in characters. */
  readonly found: readonly StepFinding[];
}

interface Stage extends Cleaned {
  readonly step: CleaningStep;
  readonly before: string;
}

/** Applies steps as `clean` does, and returns the positions of their first changes in the result. */
export function cleanAndShow(text: string, steps: readonly CleaningStep[]): ShownCleaning {
  const wanted = cleaningStepNames.filter((step) => steps.includes(step));
  const stages: Stage[] = [];
  let cleaned = text;
  for (const step of wanted) {
    const result = cleaningFunctions[step](cleaned);
    stages.push({ step, before: cleaned, ...result });
    cleaned = result.text;
  }
  const last = countCharacters(cleaned);
  const found = stages.flatMap(({ step, before, count, examples }, index) => {
    if (count === 0) return [];
    const later = stages.slice(index).filter((stage) => stage.count > 0);
    const shown = examples.slice(0, mostShown).map((example) => {
      // Steps check only nearby text: the text before a position changes exactly as in the whole text.
      const front = later.reduce(
        (part, stage) => cleaningFunctions[stage.step](part).text,
        before.slice(0, example.at),
      );
      return showChange(before, example, Math.min(last, countCharacters(front)));
    });
    return [{ step, count, examples: shown }];
  });
  return { text: cleaned, counts: stages.map(({ step, count }) => ({ step, count })), found };
}

/** What a step would find in a text. Positions are in this text, in characters. */
export function findChanges(text: string, step: CleaningStep): StepFinding {
  const { count, examples } = cleaningFunctions[step](text);
  const shown = examples
    .slice(0, mostShown)
    .map((example) => showChange(text, example, countCharacters(text.slice(0, example.at))));
  return { step, count, examples: shown };
}

function showChange(text: string, { before, after, at }: CleaningExample, place: number): ShownChange {
  const front = wellFormed(text.slice(Math.max(0, at - around), at));
  const end = at + before.length;
  const back = wellFormed(text.slice(end, end + around));
  return { before: front + shortened(before) + back, after: front + shortened(after) + back, at: place };
}

function shortened(text: string): string {
  if (text.length <= longest) return text;
  const half = longest / 2;
  return `${wellFormed(text.slice(0, half))} … ${wellFormed(text.slice(-half))}`;
}

/** Removes the half of a surrogate pair that a cut may leave at either end. */
function wellFormed(text: string): string {
  return text.replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, '');
}
