import { basename } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { accountFor, readOpening, remake, type Remaking } from '../../engine/sampling/remake.ts';
import type { Sampling } from '../../engine/sampling/sampler.ts';
import { modelSentence } from '../../shared/format/model-sentence.ts';
import type { Colophon, ColophonPart } from '../../shared/domain/colophon.ts';
import type { SampleSettings } from '../../shared/domain/sample-settings.ts';
import { charloomVersion } from '../../shared/version.ts';
import { readCheckpointHeader } from '../files/checkpoint-files.ts';
import { sha256 } from '../files/sha256.ts';
import { loadWasmBackend } from '../wasm/backend.ts';
import { openModel } from './open-model.ts';

/** A written text, and what a page knows about how it was written. */
export interface WrittenWith {
  readonly checkpoint: string;
  readonly settings: SampleSettings;
  /** After the opening words; bytes where a model of bytes wrote it. */
  readonly text: string | readonly number[];
  /** Positions at which a model read the text again before it continued. */
  readonly starts: readonly number[];
  readonly onProgress?: (fraction: number) => void;
}

/** Symbols between two turns of the event loop. */
const portion = 100;

/**
 * Everything needed to write a text again, found by writing it again.
 * @throws CharloomError 'incompatible' where another model wrote it; those of openModel
 */
export async function makeColophon(written: WrittenWith): Promise<Colophon> {
  const { checkpoint, text, starts, onProgress } = written;
  const { checksum } = await readCheckpointHeader(checkpoint);
  const backend = await loadWasmBackend({ threads: 1 });
  try {
    const { network, vocabulary, separator, metadata } = await openModel(checkpoint, backend);
    const codes = typeof text === 'string' ? Array.from(text, (each) => each.codePointAt(0) ?? 0) : text;
    const settings = { ...written.settings, length: codes.length, count: 1 };
    const account = accountFor({ network, vocabulary, separator, settings }, codes, starts);
    const parts = await paced(account, (done) => onProgress?.(done / codes.length));
    const { epoch, validationLoss, text: learned, symbols } = metadata;
    return {
      ...{ format: 'charloom-colophon', version: 1, writtenBy: charloomVersion },
      variant: backend.info.variant,
      checkpoint: { checksum, name: basename(checkpoint), epoch, validationLoss },
      model: modelSentence(metadata.spec),
      learned: { sha256: learned.sha256, bytes: learned.bytes, characters: learned.characters },
      ...{ symbols, settings, parts },
      sha256: digestOf(settings.primeText, text),
    };
  } finally {
    backend.dispose();
  }
}

async function paced(
  account: Generator<number, readonly ColophonPart[], undefined>,
  onProgress: (symbols: number) => void,
): Promise<readonly ColophonPart[]> {
  for (;;) {
    const { done, value } = account.next();
    if (done === true) return value;
    if (value % portion !== 0) continue;
    onProgress(value);
    await turn();
  }
}

/** The digest that two texts share only if they are identical. */
export function digestOf(primeText: string, text: string | readonly number[]): string {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : Uint8Array.from(text);
  return sha256([new TextEncoder().encode(primeText), bytes]);
}

/** Writes a text again, in the form in which a new text is written. */
export function remaking(model: Omit<Remaking, 'settings' | 'length'>, colophon: Colophon): Sampling {
  const { settings, parts } = colophon;
  const job = { ...model, settings, length: settings.length };
  return { ...readOpening(job), symbols: () => remake(job, parts), end: () => 'length' };
}
