import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { runFolderName } from '../../node/files/names.ts';
import type { ForkProcess } from '../../processes/process.ts';
import type { ExportChoice } from '../../shared/domain/exchange.ts';
import { CharloomError } from '../../shared/errors.ts';
import type { StreamContext } from '../../shared/ipc/contract.ts';
import { serveTask } from '../task-stream.ts';
import type { CheckpointContent } from '../workbench-types.ts';

/** A model to export. */
interface ExportedModel {
  /** The checkpoint file. */
  readonly path: string;
  readonly title: string;
  readonly choice: ExportChoice;
  /** The text that the model learned from, for a page that writes. */
  readonly textPath: string | null;
}

/** Exports that wait to be fetched: each exists for as long as its stream is open. Pages refer to them by ticket. */
export class Exports {
  readonly #files = new Map<string, string>();
  readonly #fork: ForkProcess;

  constructor(fork: ForkProcess) {
    this.#fork = fork;
  }

  /** Makes an export in a compute process, and keeps it until the page closes the stream. */
  async serve(
    { path, title, choice, textPath }: ExportedModel,
    side: StreamContext<'models.export'>,
  ): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'charloom-export-'));
    const ticket = `export-${randomUUID()}`;
    const output = join(folder, fileName(title, choice));
    try {
      const job = { kind: 'export', checkpoint: path, choice, output, ticket, textPath } as const;
      this.#files.set(ticket, output);
      await serveTask({ fork: this.#fork, name: `charloom-${ticket}`, job, side });
      await closed(side.signal);
    } finally {
      this.#files.delete(ticket);
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** @throws CharloomError 'not-found' if its stream has been closed */
  async open(ticket: string): Promise<CheckpointContent> {
    const path = this.#files.get(ticket);
    const size = path === undefined ? undefined : await stat(path).catch(() => undefined);
    if (path === undefined || size === undefined) {
      throw new CharloomError('not-found', 'This export is no longer there.', {
        fix: 'Export the model again.',
      });
    }
    return { name: basename(path), bytes: size.size, stream: contentOf(path) };
  }
}

/** Opened only when it is read, because the user may cancel the choice of a location. */
async function* contentOf(path: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(path) as AsyncIterable<Uint8Array>;
}

function fileName(title: string, choice: ExportChoice): string {
  if (choice.format === 'page') return `${nameFor(choice.page.title)}.html`;
  return `${nameFor(title)}-${choice.format}.zip`;
}

/** The title of an imported model is its file name. */
function nameFor(title: string): string {
  return runFolderName(title.replace(/\.safetensors$/, ''), 1) || 'model';
}

async function closed(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
