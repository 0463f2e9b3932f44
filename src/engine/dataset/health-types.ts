import type { EncodingGuess } from './decoding/guess.ts';
import type { SymbolCount } from './survey/symbol-count.ts';
import type { TextSurvey } from './survey/text-survey.ts';

/** What a report on a text can find. */
export type HealthCode =
  | 'invalid-bytes'
  | 'encoding-guessed'
  | 'byte-order-mark'
  | 'mixed-line-ends'
  | 'carriage-returns'
  | 'null-characters'
  | 'control-characters'
  | 'replacement-characters'
  | 'invisible-characters'
  | 'mixed-quotes'
  | 'smart-quotes'
  | 'tabs'
  | 'long-lines'
  | 'garbled-letters'
  | 'escapes'
  | 'mixed-accents'
  | 'one-symbol'
  | 'duplicate-blocks'
  | 'rare-symbols'
  | 'large-vocabulary';

export interface HealthExample {
  /** Line in the file, from 1. */
  readonly line: number;
  /** The found text, or what to look for. */
  readonly text: string;
}

/** A finding about a text that its author may want to know, or fix, before training on it. */
export interface HealthFinding {
  readonly code: HealthCode;
  /** A 'warning' costs quality or hints at damage; a 'note' is good to know. */
  readonly level: 'warning' | 'note';
  readonly message: string;
  readonly count: number;
  readonly examples: readonly HealthExample[];
}

/** What the report is made from: the survey of the first reading, after the choice of symbols and line ends. */
export interface HealthInput {
  readonly survey: TextSurvey;
  readonly encoding: EncodingGuess;
  readonly counts: readonly SymbolCount[];
  readonly characters: number;
}

export interface HealthOptions {
  /** Symbols seen fewer times are rare: a model hardly learns when to use them. */
  readonly rareBelow?: number;
}
