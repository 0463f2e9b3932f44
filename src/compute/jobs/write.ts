import { setImmediate as yieldToEventLoop, setTimeout as wait } from 'node:timers/promises';
import { encodeText } from '../../engine/dataset/encode-text.ts';
import { createSymbolWriter, vocabularySymbols } from '../../engine/dataset/vocabulary.ts';
import { TextGenerator, type SampledSymbol } from '../../engine/sampling/text-generator.ts';
import { loadWasmBackend } from '../../node/wasm/backend.ts';
import { openModel, type OpenModel } from '../../node/session/open-model.ts';
import { knownOrigin } from '../../shared/domain/model-origin.ts';
import { knownModelSpec } from '../../shared/domain/model-spec.ts';
import type { Command, Job, Report } from '../../shared/compute/messages.ts';
import type { SampleSettings } from '../../shared/domain/sample-settings.ts';
import { assertNever } from '../../shared/errors.ts';
import { usedWeights } from '../../shared/format/used-weights.ts';
import { writeMessageSchema, type WriteItem, type WriteMessage } from '../../shared/domain/write.ts';
import type { RunningJob } from '../job.ts';

type WriteJob = Extract<Job, { kind: 'write' }>;

/** Milliseconds of writing between two items: smooth to read, and messages are handled promptly. */
const itemIntervalMs = 30;
const maxAlternatives = 24;

/** Keeps a model loaded and writes on request, until the process is ended. */
export function write(job: WriteJob, post: (report: Report) => void): RunningJob {
  const failed = Promise.withResolvers<never>();
  const opened = open(job, (item) => post({ kind: 'item', item }));
  opened.catch(failed.reject);
  return {
    ended: failed.promise,
    onCommand: (command: Command) => {
      if (command.kind !== 'message') return;
      const message = writeMessageSchema.parse(command.message);
      opened.then((session) => session.hear(message)).catch(failed.reject);
    },
  };
}

async function open(
  { checkpoint, title }: WriteJob,
  tell: (item: WriteItem) => void,
): Promise<WritingSession> {
  // Writing one symbol at a time leaves nothing to share between threads.
  const model = await openModel(checkpoint, await loadWasmBackend({ threads: 1 }));
  const { epoch, validationLoss, symbols } = model.metadata;
  const spec = knownModelSpec(model.metadata.spec);
  const vocabulary = vocabularySymbols(model.vocabulary);
  const weights = usedWeights(model.metadata);
  const { origin } = model.metadata;
  const imported = origin === undefined ? {} : { origin: knownOrigin(origin) };
  tell({ kind: 'ready', title, spec, epoch, validationLoss, ...weights, symbols, vocabulary, ...imported });
  return new WritingSession(model, tell);
}

class WritingSession {
  readonly #model: OpenModel;
  readonly #emit: (item: WriteItem) => void;
  #generator: TextGenerator | undefined;
  /** Symbols per second; 0: as fast as possible. */
  #pace = 0;
  /** Incremented whenever something other than the current text is requested. */
  #turn = 0;
  #isWriting = false;

  constructor(model: OpenModel, tell: (item: WriteItem) => void) {
    this.#model = model;
    this.#emit = tell;
  }

  async hear(message: WriteMessage): Promise<void> {
    switch (message.kind) {
      case 'write':
        this.#pace = message.pace;
        return this.#begin(message.settings, message.bytes);
      case 'continue':
        this.#generator?.extend(message.length);
        return this.#write();
      case 'adjust':
        return this.#generator?.adjust(message.adjustment);
      case 'stop':
        return this.#stop();
      case 'alternatives':
        return this.#showAlternatives(message.position);
      case 'take':
        return this.#take(message.position, message.index, message.length);
      case 'check':
        return this.#check(message.text);
      default:
        return assertNever(message);
    }
  }

  #begin(settings: SampleSettings, bytes: readonly number[] = []): Promise<void> {
    const { network, vocabulary, separator } = this.#model;
    this.#generator = new TextGenerator(network, vocabulary, settings, separator);
    const { primeText, unknown, stopUnknown, neverEndsLine } = this.#generator.begin(
      vocabulary.mode === 'bytes' ? bytes : [],
    );
    this.#emit({
      kind: 'begun',
      primeText,
      unknown: unknown.map((entry) => ({ ...entry })),
      stopUnknown: stopUnknown.map((entry) => ({ ...entry })),
      neverEndsLine,
    });
    return this.#write();
  }

  #stop(): void {
    if (!this.#isWriting) return;
    this.#turn += 1;
    this.#isWriting = false;
    this.#emit({ kind: 'ended', reason: 'stopped' });
  }

  /** Writes until the end, or until something else is requested. */
  async #write(): Promise<void> {
    const generator = this.#generator;
    if (generator === undefined) return;
    const turn = ++this.#turn;
    this.#isWriting = true;
    const begun = performance.now();
    const first = generator.position;
    while (turn === this.#turn && generator.end === undefined) {
      const due = this.#pace === 0 ? Infinity : ((performance.now() - begun) / 1000) * this.#pace;
      this.#writePortion(generator, first + Math.ceil(due));
      if (this.#pace === 0) await yieldToEventLoop();
      else await wait(itemIntervalMs);
    }
    if (turn !== this.#turn || generator.end === undefined) return;
    this.#isWriting = false;
    this.#emit({ kind: 'ended', reason: generator.end });
  }

  #writePortion(generator: TextGenerator, until: number): void {
    const position = generator.position;
    const written: SampledSymbol[] = [];
    const begun = performance.now();
    while (generator.position < until && performance.now() - begun < itemIntervalMs) {
      const symbol = generator.next();
      if (symbol === undefined) break;
      written.push({ ...symbol });
    }
    this.#tellSymbols(position, written);
  }

  #tellSymbols(position: number, written: readonly SampledSymbol[]): void {
    if (written.length === 0) return;
    const { mode, codes } = this.#model.vocabulary;
    this.#emit({
      kind: 'symbols',
      position,
      texts: written.map(({ text }) => text),
      probabilities: written.map(({ probability }) => probability),
      ...(mode === 'bytes' ? { bytes: written.map(({ index }) => codes[index] ?? 0) } : {}),
    });
  }

  #showAlternatives(position: number): void {
    const generator = this.#generatorAt(position);
    if (generator === undefined) return;
    const { vocabulary } = this.#model;
    const choices = generator.candidates(position, maxAlternatives).map(({ index, probability }) => ({
      index,
      probability,
      text: createSymbolWriter(vocabulary).write(index),
    }));
    this.#emit({ kind: 'alternatives', position, choices });
  }

  #take(position: number, index: number, length: number): Promise<void> {
    const generator = this.#generatorAt(position);
    if (generator === undefined || index >= this.#model.vocabulary.codes.length) return Promise.resolve();
    this.#turn += 1;
    this.#tellSymbols(position, [generator.take(position, index, length)]);
    return this.#write();
  }

  /** Undefined if there is nothing at a position: the text may have been restarted while the question was in transit. */
  #generatorAt(position: number): TextGenerator | undefined {
    const generator = this.#generator;
    return generator !== undefined && position <= generator.position ? generator : undefined;
  }

  #check(text: string): void {
    const { unknown } = encodeText(text, this.#model.vocabulary);
    this.#emit({ kind: 'checked', text, unknown: unknown.map((entry) => ({ ...entry })) });
  }
}
