import { formatCount, formatQuantity } from '../../shared/format/numbers.ts';
import { formatSymbol } from '../../shared/format/symbols.ts';
import type { HealthFinding, HealthInput } from './health-types.ts';
import { longLineSymbols, type TextSurvey } from './survey/text-survey.ts';

/** Lines far longer than others, and passages that occur twice. */
export function lineFindings(survey: TextSurvey): HealthFinding[] {
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
      message: `${formatQuantity(duplicates.blocks, 'passage')} repeated from earlier (${share < 1 ? 'less than 1' : `about ${share}`} % of the text); repeated text is memorised, and makes the validation loss look too good.`,
      count: duplicates.blocks,
      examples: duplicates.examples.map(({ line, sameAs }) => ({
        line,
        text:
          line === sameAs
            ? 'repeats a passage from earlier in the same line'
            : `the same as line ${formatCount(sameAs)}`,
      })),
    },
  ];
}

/** Symbols that are too rare to be learned, and vocabularies that are too large. */
export function vocabularyFindings({ counts }: HealthInput, rareBelow: number): HealthFinding[] {
  const rare = counts.filter(({ count }) => count < rareBelow).sort((a, b) => a.count - b.count);
  const size = counts.length;
  return [
    {
      code: 'rare-symbols',
      level: 'note',
      message: `${formatQuantity(rare.length, 'symbol')} of ${formatCount(size)} seen fewer than ${rareBelow} times; too few to learn, and each makes the model slightly larger.`,
      count: rare.length,
      examples: rare.slice(0, 10).map(({ code, count, firstLine }) => ({
        line: firstLine,
        text: `${formatSymbol(String.fromCodePoint(code))}, ${count === 1 ? 'once' : `${count} times`}`,
      })),
    },
    {
      code: 'large-vocabulary',
      level: 'note',
      message: `${formatCount(size)} different symbols: they enlarge the first and last layer and slow training down.`,
      count: size > 1000 ? size : 0,
      examples: [],
    },
  ];
}
