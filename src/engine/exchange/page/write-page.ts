import { charloomVersion } from '../../../shared/version.ts';
import {
  pageBytes,
  pageWeightBytes,
  type PagePrecision,
  type WritingPage,
} from '../../../shared/domain/writing-page.ts';
import { CharloomError } from '../../../shared/errors.ts';
import { formatBytes } from '../../../shared/format/numbers.ts';
import type { Sha256 } from '../../checkpoints/codec.ts';
import type { Checkpoint } from '../../checkpoints/content.ts';
import { toBase64 } from '../base64.ts';
import { escapeHtml, jsonInScript, standsInElement } from '../../../shared/format/html.ts';
import { pageMarkup } from './markup.ts';
import { modelId, modelType, recordId, recordType } from './ids.ts';
import { pageFormat, type PageRecord } from './record.ts';
import { encodeWeights } from './weights.ts';

/** The built program of a page that writes (src/page). */
export interface PageProgram {
  readonly script: string;
  readonly style: string;
}

export interface PageParts {
  /** Without what belongs to the run that made it (`givenCheckpoint`). */
  readonly model: Checkpoint;
  readonly page: WritingPage;
  readonly precision: PagePrecision;
  readonly program: PageProgram;
}

/**
 * A complete page that writes: HTML that loads nothing. Its content security policy allows only its own script and style, by their digests, so that
 * not even a title can make it run or load anything. Throws CharloomError('bad-setting') if the page is larger than 50 MB.
 */
export function writePage({ model, page, precision, program }: PageParts, sha256: Sha256): string {
  const { script, style } = program;
  if (!standsInElement(script) || !standsInElement(style)) {
    throw new Error('the program of pages holds what would end its own element');
  }
  const record: PageRecord = {
    ...{ format: pageFormat, version: 1, writtenBy: charloomVersion, precision },
    ...page,
  };
  checkSize(pageWeightBytes(model.metadata.spec, precision) + script.length + style.length, precision);
  const weights = toBase64(encodeWeights(model, precision, sha256));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy(program, sha256)}">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="Charloom ${charloomVersion}">
<title>${escapeHtml(page.title)}</title>
<style>${style}</style>
</head>
<body>
${pageMarkup(record, model.metadata)}
<script id="${recordId}" type="${recordType}">${jsonInScript(record)}</script>
<script id="${modelId}" type="${modelType}">${weights}</script>
<script>${script}</script>
</body>
</html>
`;
}

function policy({ script, style }: PageProgram, sha256: Sha256): string {
  const sources = [
    "default-src 'none'",
    `script-src '${digest(script, sha256)}'`,
    `style-src '${digest(style, sha256)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ];
  return sources.join('; ');
}

function digest(text: string, sha256: Sha256): string {
  const hex = sha256([new TextEncoder().encode(text)]);
  const bytes = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  return `sha256-${toBase64(bytes)}`;
}

function checkSize(bytes: number, precision: PagePrecision): void {
  if (bytes <= pageBytes.most) return;
  const message = `The page would have ${formatBytes(bytes)}; a page that writes has at most ${formatBytes(pageBytes.most)}.`;
  throw new CharloomError('bad-setting', message, {
    fix:
      precision === 'float32'
        ? 'Choose half the size, or give away a smaller model.'
        : 'Give away a smaller model, or export it to another format.',
  });
}
