import { pageLimits } from '../../../shared/domain/writing-page.ts';
import { tintLevels } from '../../../shared/format/tint.ts';
import type { CheckpointMetadata } from '../../checkpoints/content.ts';
import { creditsSentence } from './credits.ts';
import { escapeHtml } from '../../../shared/format/html.ts';
import type { PageRecord } from './record.ts';

/** The visible part of a page that writes. Its program (src/page) finds elements by their ids; it writes no HTML. */
export function pageMarkup(record: PageRecord, metadata: CheckpointMetadata): string {
  return `<header>
<h1 dir="auto">${escapeHtml(record.title)}</h1>
${record.author === '' ? '' : `<p class="author" dir="auto">by ${escapeHtml(record.author)}</p>\n`}${paragraphs(record.about, 'about')}</header>
<main>
<noscript><p class="notice">This page writes with JavaScript, which is switched off in this browser.</p></noscript>
<p id="problem" class="notice" role="alert" hidden></p>
${form(record, metadata)}
${result()}
</main>
${footer(record, metadata)}`;
}

function paragraphs(text: string, name: string): string {
  const blocks = text.split(/\n\s*\n/).filter((block) => block.trim() !== '');
  return blocks
    .map((block) => `<p class="${name}" dir="auto">${escapeHtml(block).replaceAll('\n', '<br>')}</p>\n`)
    .join('');
}

function form(record: PageRecord, { symbols }: CheckpointMetadata): string {
  return `<form id="controls">
<div class="field wide">
<label for="opening">Opening words</label>
<textarea id="opening" rows="2" maxlength="${pageLimits.openingWords}" dir="auto" spellcheck="false" aria-describedby="opening-note">
${escapeHtml(record.openingWords)}</textarea>
<p id="opening-note" class="note" aria-live="polite"></p>
</div>
<div class="field">
<label for="temperature">Temperature <output id="temperature-value" for="temperature">${record.temperature}</output></label>
<input id="temperature" type="range" min="${record.lowestTemperature}" max="${record.highestTemperature}" step="${temperatureStep(record)}" value="${record.temperature}" aria-describedby="temperature-note">
<p id="temperature-note" class="note">Lower is safer and repeats itself; higher is bolder with more mistakes.</p>
</div>
<div class="field">
<label for="seed">Seed</label>
<div class="row"><input id="seed" type="number" min="0" max="4294967295" step="1" required value="${record.seed}" aria-describedby="seed-note"><button id="dice" type="button">Another seed</button></div>
<p id="seed-note" class="note">The same seed and settings give the same text.</p>
</div>
<div class="field">
<label for="length">Length</label>
<div class="row"><input id="length" type="number" min="1" max="100000" step="1" required value="${record.length}" aria-describedby="length-note"><span id="length-note">${symbols}</span></div>
</div>
<div class="buttons wide">
<button id="write" type="submit" class="primary" disabled>Write</button>
<button id="stop" type="button" disabled>Stop</button>
<button id="continue" type="button" disabled>Continue</button>
</div>
</form>`;
}

/** A slider allows only values on its steps: hundredths, or any value if the author chose others. */
function temperatureStep({ temperature, lowestTemperature, highestTemperature }: PageRecord): string {
  const isHundredths = [temperature, lowestTemperature, highestTemperature].every(
    (value) => Number(value.toFixed(2)) === value,
  );
  return isHundredths ? '0.01' : 'any';
}

function result(): string {
  const legend = tintLevels
    .map(({ level, word, range }) => `<span><span class="${level}">${word}</span> (${range})</span>`)
    .join(' ');
  return `<section aria-labelledby="text-heading">
<h2 id="text-heading">Text</h2>
<p id="status" role="status">Loading the model...</p>
<div class="buttons">
<button id="copy" type="button" disabled>Copy</button>
<button id="save" type="button" disabled>Save as a file</button>
<button id="print" type="button" disabled>Print</button>
</div>
<label class="check"><input id="tint" type="checkbox"> Show how likely each character was</label>
<p id="legend" class="note legend" hidden>The model was ${legend}</p>
<div id="text" class="text" dir="auto"></div>
<p id="made" class="note" hidden></p>
</section>`;
}

function footer(record: PageRecord, metadata: CheckpointMetadata): string {
  return `<footer>
<p>${escapeHtml(creditsSentence(metadata))}</p>
<p>It was trained with Charloom. All of it is in this file: nothing is loaded from anywhere, and nothing that you type leaves this page. Charloom opens the file as a model.</p>
${paragraphs(record.licence, 'licence')}</footer>`;
}
