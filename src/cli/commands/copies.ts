import type { Command } from 'commander';
import type { SymbolMode } from '../../engine/dataset/corpus.ts';
import type { Copies } from '../../node/session/find-copies.ts';
import { copySentence, shortestPassage, type CopiedShare } from '../../shared/domain/copying.ts';
import { formatCount } from '../../shared/format/numbers.ts';
import { addCommand, outputFor } from '../command.ts';
import type { CopiesResult } from '../json-output.ts';
import { textOfRun, withTextOption } from '../learned-text.ts';
import { addRunsFolderOption, runsFolderOf, type RunsFolderOptions } from '../runs-folder.ts';

interface CopiesOptions extends RunsFolderOptions {
  readonly text?: string;
  readonly json?: boolean;
}

const details =
  `Finds passages of ${shortestPassage} symbols or more that occur word for word in the training text, and compares with how often ` +
  'the author repeats a passage. Example: charloom sample novel --length 5000 > written.txt, then charloom copies novel written.txt';

export function addCopiesCommand(program: Command): void {
  addRunsFolderOption(
    addCommand(
      program,
      'copies',
      'Find passages of a written text that are copied from the training text',
      details,
    ),
  )
    .argument('<CHECKPOINT>', 'the checkpoint file that wrote it, or a run (uses its best checkpoint)')
    .argument('<FILE>', 'the written text; - for standard input')
    .option('--text <file>', 'the training text (default: the file that its run read)')
    .action(compare);
}

async function compare(name: string, file: string, options: CopiesOptions): Promise<void> {
  const output = outputFor(options);
  const { resolveModel } = await import('../../runs/find.ts');
  const { readCheckpointHeader } = await import('../../node/files/checkpoint-files.ts');
  const { findCopies, measureControl, readLearnedText } = await import('../../node/session/find-copies.ts');
  const checkpoint = await resolveModel(name, await runsFolderOf(options));
  const { metadata } = await readCheckpointHeader(checkpoint);
  const sample = await readSample(file, metadata.symbols);
  const path = options.text ?? (await textOfRun(checkpoint));
  output.status('reading the text');
  const text = await readLearnedText(path, metadata, {}).catch((error: unknown) => {
    throw options.text === undefined ? withTextOption(error) : error;
  });
  output.status('comparing');
  const copies = await findCopies(text, sample);
  const control = await measureControl(text);
  output.status('');
  const result = asJson(checkpoint, { file, sample, path }, copies, control);
  output.result(result, () => asText(result, copies, control));
}

/** The output of a model of bytes is bytes, whatever encoding they are in. */
async function readSample(file: string, symbols: SymbolMode): Promise<string | Uint8Array> {
  if (file === '-') {
    const { buffer } = await import('node:stream/consumers');
    const bytes = await buffer(process.stdin);
    return symbols === 'bytes' ? bytes : bytes.toString('utf8');
  }
  const { readTextFile } = await import('../../node/texts/text-file.ts');
  const { corpus } = await readTextFile(file, { symbols });
  const { decodeSymbols } = await import('../../engine/dataset/vocabulary.ts');
  if (symbols === 'characters') return decodeSymbols(corpus.symbols, corpus.vocabulary);
  return Uint8Array.from(corpus.symbols, (symbol) => corpus.vocabulary.codes[symbol] ?? 0);
}

interface Compared {
  readonly file: string;
  readonly sample: string | Uint8Array;
  /** Of the text learned. */
  readonly path: string;
}

function asJson(
  checkpoint: string,
  { file, sample, path }: Compared,
  { share, longest, passages }: Copies,
  control: CopiedShare | null,
): CopiesResult {
  return {
    checkpoint,
    file,
    text: path,
    shortest_passage: shortestPassage,
    share,
    longest,
    author_share: control?.share ?? null,
    author_longest: control?.longest ?? null,
    passages: passages.map(({ start, end, length, position, line }) => ({
      symbols: length,
      position,
      line,
      words: wordsOf(sample, start, end),
    })),
  };
}

function wordsOf(sample: string | Uint8Array, start: number, end: number): string {
  return typeof sample === 'string'
    ? sample.slice(start, end)
    : new TextDecoder().decode(sample.subarray(start, end));
}

const shown = 10;
/** Of a passage, in the list; --json contains all of it. */
const shownCharacters = 160;

function asText(result: CopiesResult, copies: Copies, control: CopiedShare | null): string {
  const rows = result.passages.slice(0, shown).map(({ symbols, line, words }) => {
    const whole = Array.from(words.replaceAll(/\s+/gu, ' ').trim());
    const cut = whole.slice(0, shownCharacters).join('').trimEnd();
    const one = whole.length > shownCharacters ? `${cut} …` : cut;
    return `${formatCount(symbols).padStart(7)} symbols, line ${formatCount(line).padEnd(9)} ${one}`;
  });
  const more = result.passages.length - rows.length;
  const rest = more > 0 ? [`${formatCount(more)} more (--json has all).`] : [];
  return [copySentence(copies, control), ...(rows.length > 0 ? ['', ...rows] : []), ...rest].join('\n');
}
