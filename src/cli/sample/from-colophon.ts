import type { Sampling } from '../../engine/sampling/sampler.ts';
import type { Colophon } from '../../shared/domain/colophon.ts';
import { CharloomError } from '../../shared/errors.ts';
import { charloomVersion } from '../../shared/version.ts';
import type { Output } from '../output.ts';
import { runsFolderOf, type RunsFolderOptions } from '../runs-folder.ts';
import { writeWhole } from './result.ts';
import { streamText } from './stream-texts.ts';

interface ColophonSource {
  /** The booklet. */
  readonly file: string;
  /** The checkpoint, or its run; undefined to look for it in the runs folder. */
  readonly model: string | undefined;
}

/**
 * Writes the text of a booklet again, and says what has changed.
 * @throws CharloomError 'not-found' if the checkpoint is missing; 'check-failed', after the text, if the text differs
 */
export async function writeFromColophon(
  { file, model }: ColophonSource,
  options: RunsFolderOptions,
  output: Output,
): Promise<void> {
  const { readTextOf } = await import('../read-file.ts');
  const { readColophon } = await import('../../shared/format/read-colophon.ts');
  const { openModel } = await import('../../node/session/open-model.ts');
  const { remaking } = await import('../../node/session/colophon.ts');
  const { loadWasmBackend } = await import('../../node/wasm/backend.ts');
  const colophon = readColophon(await readTextOf(file));
  const checkpoint = await checkpointOf(colophon, model, options);
  const backend = await loadWasmBackend({ threads: 1 });
  try {
    const opened = await openModel(checkpoint.path, backend);
    const { vocabulary } = opened;
    const text = new HeardText(remaking(opened, colophon), vocabulary.codes);
    const { settings } = colophon;
    const remarks = differences(colophon, checkpoint.checksum, backend.info.variant);
    const place = { number: 1, count: 1, seed: settings.seed, isLine: false };
    const whole = output.json ? writeWhole(checkpoint.path, vocabulary, text.sampling, settings) : null;
    if (whole === null) await streamText(text.sampling, vocabulary, place, output);
    const same = await text.isSame(colophon);
    if (whole !== null) output.event({ ...whole, same, remarks });
    else
      [...remarks, ...(same ? ['It is the same text, to the letter.'] : [])].forEach((line) =>
        output.note(line),
      );
    if (!same) throw anotherText(remarks);
  } finally {
    backend.dispose();
  }
}

/** Collects a text while it is written. */
class HeardText {
  readonly sampling: Sampling;
  readonly #texts: string[] = [];
  readonly #codes: number[] = [];

  constructor(sampling: Sampling, codes: readonly number[]) {
    const texts = this.#texts;
    const heard = this.#codes;
    this.sampling = {
      ...sampling,
      *symbols() {
        for (const symbol of sampling.symbols()) {
          texts.push(symbol.text);
          heard.push(codes[symbol.index] ?? 0);
          yield symbol;
        }
      },
    };
  }

  async isSame({ symbols, settings, sha256 }: Colophon): Promise<boolean> {
    const { digestOf } = await import('../../node/session/colophon.ts');
    const text = symbols === 'bytes' ? this.#codes : this.#texts.join('');
    return digestOf(settings.primeText, text) === sha256;
  }
}

async function checkpointOf(
  { checkpoint: { checksum, name } }: Colophon,
  model: string | undefined,
  options: RunsFolderOptions,
): Promise<{ readonly path: string; readonly checksum: string }> {
  const { findCheckpoint } = await import('../../runs/find-checkpoint.ts');
  const { resolveModel } = await import('../../runs/find.ts');
  const { readCheckpointHeader } = await import('../../node/files/checkpoint-files.ts');
  const folder = await runsFolderOf(options);
  if (model === undefined) {
    const path = await findCheckpoint(checksum, folder);
    if (path !== undefined) return { path, checksum };
    throw new CharloomError('not-found', `The checkpoint of this text (${name}) is not in ${folder}.`, {
      fix: 'Name the checkpoint file, or the runs folder with --out.',
    });
  }
  const path = await resolveModel(model, folder);
  return { path, checksum: (await readCheckpointHeader(path)).checksum };
}

/** What has changed since the text was written; none of it necessarily changes the text. */
function differences(colophon: Colophon, checksum: string, variant: string): readonly string[] {
  return [
    ...(checksum === colophon.checkpoint.checksum
      ? []
      : [`This is not the checkpoint that wrote the text (${colophon.checkpoint.name}).`]),
    ...(colophon.writtenBy === charloomVersion
      ? []
      : [`The text was written by Charloom ${colophon.writtenBy}; this is ${charloomVersion}.`]),
    ...(colophon.variant === variant
      ? []
      : [`The text was computed with the arithmetic ${colophon.variant}; this machine has ${variant}.`]),
  ];
}

function anotherText(remarks: readonly string[]): CharloomError {
  return new CharloomError('check-failed', 'The text differs from the one in the booklet.', {
    fix: remarks.length > 0 ? remarks.join(' ') : 'The colophon may have been changed.',
  });
}
