import { formatCount, formatQuantity } from '../../shared/format/numbers.ts';
import { lineFindings, vocabularyFindings } from './health-structure.ts';
import type { HealthCode, HealthExample, HealthFinding, HealthInput, HealthOptions } from './health-types.ts';
import type { TextPlace } from './survey/text-positions.ts';
import type { SymbolCount } from './survey/symbol-count.ts';
import type { NotedPlace, TextSurvey } from './survey/text-survey.ts';

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
      message: `The file does not say how it is encoded; ${encoding.encoding} is the best guess${others}. Check whether accented letters are right.`,
      count: encoding.source === 'guess' ? 1 : 0,
      examples: [],
    },
    {
      code: 'byte-order-mark',
      level: 'note',
      message:
        'The file begins with a byte order mark, which gives the encoding and is not part of the text.',
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
      message: `Lines end in different ways (${tally}); converting them to one gives the model less to learn.`,
      count: isMixed ? lf + crlf + cr - Math.max(lf, crlf, cr) : 0,
      examples: [],
    },
    {
      code: 'carriage-returns',
      level: 'note',
      message: `Lines end in ${crlf > 0 ? 'CRLF, two symbols' : 'CR'}; the model will write the same, unless line ends are converted to LF.`,
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
    remark: 'not used in text',
    includes: (code) => (code > 0 && code < 32 && ![9, 10, 13].includes(code)) || (code > 126 && code < 160),
  },
  {
    code: 'invisible-characters',
    level: 'note',
    noun: 'invisible character',
    remark: 'no-break spaces, soft hyphens, zero-width marks: they look like a space or nothing',
    includes: (code) =>
      /[\u00A0\u00AD\u200B-\u200F\u2028-\u202F\u2060\uFEFF]/.test(String.fromCodePoint(code)),
  },
  {
    code: 'tabs',
    level: 'note',
    noun: 'tab',
    remark: 'a separate symbol, not spaces',
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
      message: `${formatQuantity(replaced, 'replacement character')} (U+FFFD) in the file: an earlier program could not read the original characters.`,
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
      message: `${formatQuantity(garbled.count, 'place')} with letters such as Ã© or â€™: UTF-8 that an earlier program read in another encoding. The model would learn to write them.`,
      count: isUnicode ? garbled.count : 0,
      examples: garbled.examples,
    },
    {
      code: 'escapes',
      level: 'note',
      message: `${formatQuantity(escapes.count, 'escape')} of HTML or JSON, such as &amp; or \\u00e9, instead of the character.`,
      count: escapes.count,
      examples: escapes.examples,
    },
    {
      code: 'mixed-accents',
      level: 'warning',
      message: `Accents are written in two ways: joined with their letter (${formatCount(joined)}) and after it (${formatCount(marks)}); converting them to one form (Unicode NFC) gives the model less to learn.`,
      count: Math.min(joined, marks),
      examples: [],
    },
    {
      code: 'one-symbol',
      level: 'warning',
      message: 'The text repeats a single symbol: there is nothing to learn.',
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
      ? `Both curly (${formatCount(curly)}) and straight (${formatCount(straight)}) quotation marks; the model has to learn both.`
      : `${formatQuantity(curly, 'curly quotation mark')}; type them, or straight ones, when you write with the model.`,
    count: curly,
    examples: examplesOf(survey, 'smart-quotes'),
  };
}

function sumCounts(counts: readonly SymbolCount[], includes: (code: number) => boolean): number {
  return counts.reduce((sum, { code, count }) => sum + (includes(code) ? count : 0), 0);
}

function examplesOf(survey: TextSurvey, kind: NotedPlace): HealthExample[] {
  const places: readonly TextPlace[] = survey.places.get(kind) ?? [];
  return places.map(({ line, column, context }) => ({ line, text: `column ${column}: ${context}` }));
}
