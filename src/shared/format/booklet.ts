import { chosenCount, colophonId, type Colophon } from '../domain/colophon.ts';
import type { SampleSettings } from '../domain/sample-settings.ts';
import { escapeHtml, jsonInScript } from './html.ts';
import { formatCount, formatEpoch, formatLoss, formatQuantity } from './numbers.ts';
import { formatSymbol } from './symbols.ts';
import { drawn } from './tint.ts';

export const bookletPapers = ['A5', 'letter'] as const;
export type BookletPaper = (typeof bookletPapers)[number];

export interface BookletParts {
  readonly title: string;
  /** The author; '' if not given. */
  readonly author: string;
  readonly paper: BookletPaper;
  /** Opening words and text, as displayed. */
  readonly openingWords: string;
  readonly text: string;
  readonly colophon: Colophon;
}

/** Number of hand-chosen symbols that the colophon names; the file contains all of them. */
const named = 40;

/** A5, or Letter with margins that give about the same line length. */
const pages: Readonly<Record<BookletPaper, string>> = {
  A5: '@page { size: 148mm 210mm; margin: 18mm 16mm 20mm }',
  letter: '@page { size: 8.5in 11in; margin: 1.2in 1.6in 1.3in }',
};

const style = `@page { @bottom-center { content: counter(page); font: 9pt Georgia, serif; color: #444 } }
@page :first { @bottom-center { content: none } }
:root { color-scheme: light }
body { max-width: 30rem; margin: 2rem auto; padding: 0 1rem; font: 11pt/1.5 'Iowan Old Style', Palatino, 'Palatino Linotype', 'Noto Serif', Georgia, serif; color: #111; background: #fff; overflow-wrap: anywhere }
h1 { font-size: 24pt; line-height: 1.2; margin: 0 } h2 { font-size: 13pt; margin: 0 0 .5rem } p { margin: .5rem 0 }
.title { padding: 20vh 0; text-align: center } .text { white-space: pre-wrap; orphans: 2; widows: 2 } .opening { font-weight: bold }
.colophon { margin-top: 3rem; font-size: 9pt; line-height: 1.4 } code { font-size: .9em; overflow-wrap: anywhere }
@media print { body { max-width: none; margin: 0; padding: 0 } .title { height: 100vh; padding: 30vh 0 0; box-sizing: border-box; break-after: page } .colophon { break-before: page; margin: 0 } .screen { display: none } }`;

/** A written text as a booklet to print: one HTML file, with a colophon for people and for `charloom sample --from-colophon`. */
export function bookletHtml({ title, author, paper, openingWords, text, colophon }: BookletParts): string {
  const opening =
    openingWords === '' ? '' : `<span class="opening">${escapeHtml(drawn(openingWords))}</span>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="generator" content="Charloom ${escapeHtml(colophon.writtenBy)}">
<title>${escapeHtml(title)}</title>
<style>
${pages[paper]}
${style}
</style>
</head>
<body>
<header class="title">
<h1 dir="auto">${escapeHtml(title)}</h1>
${author === '' ? '' : `<p dir="auto">${escapeHtml(author)}</p>\n`}<p class="screen">Print this page for a booklet. To fold one, choose “booklet” or two pages on a sheet in your printer's settings.</p>
</header>
<main class="text" dir="auto">
${opening}${escapeHtml(drawn(text))}</main>
<section class="colophon">
<h2>Colophon</h2>
${colophonParagraphs(colophon)
  .map((paragraph) => `<p>${paragraph}</p>`)
  .join('\n')}
</section>
<script id="${colophonId}" type="application/json">${jsonInScript(colophon)}</script>
</body>
</html>
`;
}

function colophonParagraphs(colophon: Colophon): readonly string[] {
  const { writtenBy, variant, checkpoint, model, learned, symbols, settings, sha256 } = colophon;
  const { primeText } = settings;
  const begins =
    primeText === '' ? 'It has no opening words.' : `Its opening words are “${escapeHtml(primeText)}”.`;
  const unit = symbols === 'bytes' ? 'byte' : 'character';
  return [
    `A recurrent network wrote this text: ${escapeHtml(model)}. It was trained with Charloom on a text of ${formatQuantity(learned.characters, unit)} (sha256 ${code(learned.sha256)}).`,
    `The checkpoint is ${code(checkpoint.name)}, epoch ${formatEpoch(checkpoint.epoch)}, validation loss ${formatLoss(checkpoint.validationLoss)} (${code(checkpoint.checksum)}).`,
    `${begins} ${formatQuantity(settings.length, symbols === 'bytes' ? 'byte' : 'character')} follow, written with ${howDrawn(settings).join(', ')}.`,
    chosenSentence(colophon),
    `Written by Charloom ${escapeHtml(writtenBy)}, arithmetic ${code(variant)}. The text has the sha256 ${code(sha256)}.`,
    `With the checkpoint, this file writes the text again to the letter: ${code('charloom sample --from-colophon FILE')}.`,
  ];
}

function code(text: string): string {
  return `<code>${escapeHtml(text)}</code>`;
}

function howDrawn(settings: SampleSettings): readonly string[] {
  const { greedy, temperature, topK, topP, minP, repetitionGuard, repetitionFactor } = settings;
  return [
    `seed ${settings.seed}`,
    greedy ? 'always the likeliest symbol' : `temperature ${temperature}`,
    ...(topK > 0 ? [`the ${formatCount(topK)} likeliest symbols only`] : []),
    ...(topP < 1 ? [`top-p ${topP}`] : []),
    ...(minP > 0 ? [`min-p ${minP}`] : []),
    ...(repetitionGuard > 0 ? [`repetition guard ${repetitionGuard}, factor ${repetitionFactor}`] : []),
    ...(settings.greedyInWords ? ['greedy inside words'] : []),
  ];
}

function chosenSentence(colophon: Colophon): string {
  const { parts, symbols } = colophon;
  const count = chosenCount(colophon);
  const starts = parts.slice(1).map(({ from }) => formatCount(from + 1));
  const again =
    starts.length === 0
      ? ''
      : ` The random numbers start again at ${starts.length === 1 ? 'position' : 'positions'} ${starts.join(', ')}.`;
  if (count === 0) return `Every symbol is the one that the random numbers gave.${again}`;
  const word = (value: number): string =>
    symbols === 'bytes' ? String(value) : escapeHtml(formatSymbol(String.fromCodePoint(value)));
  const all = parts.flatMap(({ chosen }) => chosen);
  const list = all.slice(0, named).map(([at, value]) => `${formatCount(at + 1)} ${word(value)}`);
  const rest = all.length - list.length;
  const more = rest > 0 ? `, and ${formatCount(rest)} more, which are in the file` : '';
  return `${formatQuantity(count, 'symbol')} ${count === 1 ? 'was' : 'were'} chosen by hand, or written with other settings, by position: ${list.join(', ')}${more}.${again}`;
}
