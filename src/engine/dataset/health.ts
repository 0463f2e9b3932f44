import { formatCount, formatQuantity } from '../../shared/format/numbers.ts';
import { formatSymbol } from '../../shared/format/symbols.ts';
import type { EncodingGuess } from './decoding/guess.ts';
import type { TextPlace } from './survey/text-positions.ts';
import { longLineSymbols, type NotedPlace, type SymbolCount, type TextSurvey } from './survey/text-survey.ts';

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
  /** What stands there, or what to look for. */
  readonly text: string;
}

/** Something about a text that its owner may want to know, or mend, before training on it. */
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

/** Looks for what spoils training or surprises people, most serious first. */
export function inspectHealth(input: HealthInput, options: HealthOptions = {}): readonly HealthFinding[] {
  const findings = [
    ...decodingFindings(input),
    ...lineEndFindings(input.survey),
    ...characterFindings(input),
    ...dirtFindings(input),
    ...lineFindings(input.survey),
    ...vocabularyFindings(input, options.rareBelow ?? 10),
  ].filter(({ count }) => count > 0);
  return [
    ...findings.filter(({ level }) => level === 'warning'),
    ...findings.filter(({ level }) => level === 'note'),
  ];
}

function decodingFindings({ survey, encoding }: HealthInput): HealthFinding[] {
  const { invalid } = survey;
  const others =
    encoding.alternatives.length > 0 ? `; it may also be ${encoding.alternatives.join(', ')}` : '';
  return [
    {
      code: 'invalid-bytes',
      level: 'warning',
      message: `${formatQuantity(invalid, 'place')} cannot be read as ${encoding.encoding} and became U+FFFD; try another encoding if there are many${encoding.encoding === 'utf-8' ? ', or look whether a part of the file is in another one' : ''}.`,
      count: invalid,
      examples: examplesOf(survey, 'invalid-bytes'),
    },
    {
      code: 'encoding-guessed',
      level: 'note',
      message: `The file does not say how it is encoded; ${encoding.encoding} is the best guess${others}. Look whether accented letters are right.`,
      count: encoding.source === 'guess' ? 1 : 0,
      examples: [],
    },
    {
      code: 'byte-order-mark',
      level: 'note',
      message: 'The file begins with a byte order mark; it tells the encoding and is no symbol of the text.',
      count: encoding.markBytes > 0 ? 1 : 0,
      examples: [],
    },
  ];
}

function lineEndFindings({ lineEnds }: TextSurvey): HealthFinding[] {
  const { lf, crlf, cr } = lineEnds;
  const isMixed = [lf, crlf, cr].filter((count) => count > 0).length > 1;
  const tally = `${formatCount(lf)} LF, ${formatCount(crlf)} CRLF, ${formatCount(cr)} CR`;
  return [
    {
      code: 'mixed-line-ends',
      level: 'warning',
      message: `Lines end in different ways (${tally}); made alike, the model has one thing less to learn.`,
      count: isMixed ? lf + crlf + cr - Math.max(lf, crlf, cr) : 0,
      examples: [],
    },
    {
      code: 'carriage-returns',
      level: 'note',
      message: `Lines end in ${crlf > 0 ? 'CRLF, two symbols' : 'CR'}; the model will write them so too, unless line ends are made LF.`,
      count: isMixed ? 0 : crlf + cr,
      examples: [],
    },
  ];
}

/** Kinds of characters that are counted the same way; the message follows "312 …". */
const characterKinds: readonly {
  readonly code: NotedPlace & HealthCode;
  readonly level: 'warning' | 'note';
  readonly noun: string;
  readonly remark: string;
  readonly includes: (code: number) => boolean;
}[] = [
  {
    code: 'null-characters',
    level: 'warning',
    noun: 'null character',
    remark: 'a sign of damage, or of UTF-16 read as something else',
    includes: (code) => code === 0,
  },
  {
    code: 'control-characters',
    level: 'warning',
    noun: 'control character',
    remark: 'no text has a use for them',
    includes: (code) => (code > 0 && code < 32 && ![9, 10, 13].includes(code)) || (code > 126 && code < 160),
  },
  {
    code: 'invisible-characters',
    level: 'note',
    noun: 'invisible character',
    remark: 'no-break spaces, soft hyphens, zero-width marks: look-alikes of nothing or of a space',
    includes: (code) =>
      /[\u00A0\u00AD\u200B-\u200F\u2028-\u202F\u2060\uFEFF]/.test(String.fromCodePoint(code)),
  },
  {
    code: 'tabs',
    level: 'note',
    noun: 'tab',
    remark: 'a symbol of their own, not a run of spaces',
    includes: (code) => code === 9,
  },
];

function characterFindings(input: HealthInput): HealthFinding[] {
  const { survey } = input;
  const sum = (includes: (code: number) => boolean) => sumCounts(survey.counts, includes);
  const kinds = characterKinds.map(({ code, level, noun, remark, includes }) => {
    const count = sum(includes);
    const message = `${formatQuantity(count, noun)}: ${remark}.`;
    return { code, level, message, count, examples: examplesOf(survey, code) };
  });
  const replaced = sum((code) => code === 0xfffd) - survey.invalid;
  return [
    ...kinds,
    {
      code: 'replacement-characters',
      level: 'warning',
      message: `${formatQuantity(replaced, 'replacement character')} (U+FFFD) in the file: an earlier program could not read what stood there.`,
      count: replaced,
      examples: examplesOf(survey, 'replacement-characters'),
    },
    quoteFinding(survey),
  ];
}

function dirtFindings({ survey, encoding, counts }: HealthInput): HealthFinding[] {
  const { 'garbled-letters': garbled, escapes } = survey.dirt;
  const isUnicode = encoding.encoding.startsWith('utf');
  const marks = sumCounts(counts, (code) => isAccent(String.fromCodePoint(code)));
  const joined = sumCounts(counts, (code) => {
    const parts = String.fromCodePoint(code).normalize('NFD');
    return parts.length > 1 && Array.from(parts).slice(1).every(isAccent);
  });
  return [
    {
      code: 'garbled-letters',
      level: 'warning',
      message: `${formatQuantity(garbled.count, 'place')} with letters such as Ã© or â€™: UTF-8 that an earlier program read as something else. The model would learn to write them so.`,
      count: isUnicode ? garbled.count : 0,
      examples: garbled.examples,
    },
    {
      code: 'escapes',
      level: 'note',
      message: `${formatQuantity(escapes.count, 'escape')} of HTML or JSON, such as &amp; or \\u00e9, where a character was meant.`,
      count: escapes.count,
      examples: escapes.examples,
    },
    {
      code: 'mixed-accents',
      level: 'warning',
      message: `Accents are written in two ways: joined with their letter (${formatCount(joined)}) and after it (${formatCount(marks)}); made alike (Unicode NFC), the model has one thing less to learn.`,
      count: Math.min(joined, marks),
      examples: [],
    },
    {
      code: 'one-symbol',
      level: 'warning',
      message: 'The text is one symbol over and over: there is nothing to learn.',
      count: counts.length === 1 ? 1 : 0,
      examples: [],
    },
  ];
}

/** An accent that joins a letter, not a vowel sign of an Indic script. */
function isAccent(character: string): boolean {
  return /^\p{M}$/u.test(character) && /\p{Script=Inherited}/u.test(character);
}

function quoteFinding(survey: TextSurvey): HealthFinding {
  const curly = sumCounts(survey.counts, (code) => code >= 0x2018 && code <= 0x201f);
  const straight = sumCounts(survey.counts, (code) => code === 0x22 || code === 0x27);
  const isMixed = Math.min(curly, straight) * 20 > curly + straight;
  return {
    code: isMixed ? 'mixed-quotes' : 'smart-quotes',
    level: 'note',
    message: isMixed
      ? `Both curly (${formatCount(curly)}) and straight (${formatCount(straight)}) quotation marks; the model has to learn two habits.`
      : `${formatQuantity(curly, 'curly quotation mark')}; type them, or their straight form, when you write with the model.`,
    count: curly,
    examples: examplesOf(survey, 'smart-quotes'),
  };
}

function lineFindings(survey: TextSurvey): HealthFinding[] {
  const { longestLine, longLines, duplicates } = survey;
  const share = Math.round((100 * duplicates.symbols) / Math.max(1, survey.characters));
  return [
    {
      code: 'long-lines',
      level: 'note',
      message: `${formatQuantity(longLines, 'line')} longer than ${formatCount(longLineSymbols)} symbols, the longest ${formatCount(longestLine.symbols)}.`,
      count: longLines,
      examples:
        longLines > 0
          ? [{ line: longestLine.line, text: `${formatCount(longestLine.symbols)} symbols` }]
          : [],
    },
    {
      code: 'duplicate-blocks',
      level: share >= 2 ? 'warning' : 'note',
      message: `${formatQuantity(duplicates.blocks, 'passage')} repeated from earlier (${share < 1 ? 'less than 1' : `about ${share}`} % of the text); repeated text is learnt by heart, and makes the validation loss look too good.`,
      count: duplicates.blocks,
      examples: duplicates.examples.map(({ line, sameAs }) => ({
        line,
        text: `the same as line ${formatCount(sameAs)}`,
      })),
    },
  ];
}

function vocabularyFindings({ counts }: HealthInput, rareBelow: number): HealthFinding[] {
  const rare = counts.filter(({ count }) => count < rareBelow).sort((a, b) => a.count - b.count);
  const size = counts.length;
  return [
    {
      code: 'rare-symbols',
      level: 'note',
      message: `${formatQuantity(rare.length, 'symbol')} of ${formatCount(size)} seen fewer than ${rareBelow} times; too few to learn their use, and each makes the model a little larger.`,
      count: rare.length,
      examples: rare.slice(0, 10).map(({ code, count, firstLine }) => ({
        line: firstLine,
        text: `${formatSymbol(String.fromCodePoint(code))}, ${count === 1 ? 'once' : `${count} times`}`,
      })),
    },
    {
      code: 'large-vocabulary',
      level: 'note',
      message: `${formatCount(size)} different symbols: the first and last layer grow with them, and training slows down.`,
      count: size > 1000 ? size : 0,
      examples: [],
    },
  ];
}

function sumCounts(counts: readonly SymbolCount[], includes: (code: number) => boolean): number {
  return counts.reduce((sum, { code, count }) => sum + (includes(code) ? count : 0), 0);
}

function examplesOf(survey: TextSurvey, kind: NotedPlace): HealthExample[] {
  const places: readonly TextPlace[] = survey.places.get(kind) ?? [];
  return places.map(({ line, column, context }) => ({ line, text: `column ${column}: ${context}` }));
}
