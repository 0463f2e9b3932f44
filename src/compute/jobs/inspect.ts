import { inspectHealth } from '../../engine/dataset/health.ts';
import { vocabularyFromSymbols } from '../../engine/dataset/vocabulary.ts';
import { findInText, measureBaselines, translateCorpus } from '../../node/texts/corpus-queries.ts';
import { readTextFile, type TextFile } from '../../node/texts/text-file.ts';
import type { Command, Job, Report } from '../../shared/compute/messages.ts';
import { CharloomError } from '../../shared/errors.ts';
import {
  inspectMessageSchema,
  type Cut,
  type InspectItem,
  type TextReport,
} from '../../shared/domain/text.ts';
import { planChunks } from '../../shared/planning/plan.ts';
import type { RunningJob } from '../job.ts';
import { throttled } from '../throttled.ts';

type InspectJob = Extract<Job, { kind: 'inspect' }>;

/** Number of places that a search reports; the total count is exact. */
const maxPlaces = 1000;
/** Number of unknown characters that a translation reports. */
const maxUnknown = 500;

/** Opens a text, reports what it contains, and then answers questions about it until the process is ended. */
export function inspect(job: InspectJob, post: (report: Report) => void): RunningJob {
  const inspection = new OpenInspection((item) => post({ kind: 'item', item }));
  const failed = Promise.withResolvers<never>();
  inspection.begin(job).catch(failed.reject);
  return {
    ended: failed.promise,
    onCommand: (command) => inspection.hear(command).catch(failed.reject),
  };
}

class OpenInspection {
  readonly #emit: (item: InspectItem) => void;
  readonly #opened = Promise.withResolvers<TextFile>();
  /** A new measurement or search makes the one before it obsolete. */
  #measuring = new AbortController();
  #finding = new AbortController();
  #translating = new AbortController();

  constructor(tell: (item: InspectItem) => void) {
    this.#emit = tell;
  }

  async begin({ textPath, reading, cut }: InspectJob): Promise<void> {
    const { symbols, lineEnds, encoding } = reading;
    const text = await readTextFile(
      textPath,
      { symbols, lineEnds, encoding: encoding ?? undefined },
      { onProgress: throttled((fraction) => this.#emit({ kind: 'progress', fraction, doing: 'reading' })) },
    );
    this.#emit({ kind: 'report', report: reportOf(text) });
    this.#opened.resolve(text);
    await this.#measure(text, cut);
  }

  async hear(command: Command): Promise<void> {
    if (command.kind !== 'message') return;
    const message = inspectMessageSchema.parse(command.message);
    const text = await this.#opened.promise;
    switch (message.kind) {
      case 'excerpt':
        return this.#excerpt(text, message.start, message.count);
      case 'measure':
        return this.#measure(text, message.cut);
      case 'translate':
        return this.#translate(text, message.request, message.vocabulary);
      case 'find':
        return this.#find(text, message.search);
    }
  }

  #excerpt({ corpus }: TextFile, start: number, count: number): void {
    const { codes } = corpus.vocabulary;
    const part = corpus.symbols.subarray(start, start + count);
    this.#emit({ kind: 'excerpt', start, codes: Array.from(part, (symbol) => codes[symbol] ?? 0) });
  }

  async #measure({ corpus }: TextFile, cut: Cut): Promise<void> {
    this.#measuring.abort();
    const { signal } = (this.#measuring = new AbortController());
    const plan = planChunks({ ...cut, characters: corpus.symbols.length, maxEpochs: 1, maxIterations: 0 });
    const onProgress = throttled((fraction) =>
      this.#emit({ kind: 'progress', fraction, doing: 'measuring' }),
    );
    await unlessCancelled(async () => {
      const baselines = await measureBaselines(corpus, plan, { signal, onProgress });
      this.#emit({ kind: 'baselines', cut, baselines: { ...baselines } });
    });
  }

  async #translate({ corpus }: TextFile, request: number, symbols: readonly string[]): Promise<void> {
    this.#translating.abort();
    const { signal } = (this.#translating = new AbortController());
    await unlessCancelled(async () => {
      const vocabulary = vocabularyFromSymbols(symbols, corpus.vocabulary.mode);
      const { symbols: written, unknown, lost } = await translateCorpus(corpus, vocabulary, { signal });
      this.#emit({
        ...({ kind: 'translated', request } as const),
        characters: written.length,
        leftOut: lost,
        replaced: unknown.reduce(
          (sum, { replacement, count }) => sum + (replacement === null ? 0 : count),
          0,
        ),
        unknown: unknown.toSorted((a, b) => b.count - a.count).slice(0, maxUnknown),
        different: unknown.length,
      });
    });
  }

  async #find({ corpus }: TextFile, search: string): Promise<void> {
    this.#finding.abort();
    const { signal } = (this.#finding = new AbortController());
    await unlessCancelled(async () => {
      const found = await findInText(corpus, search, maxPlaces, signal);
      this.#emit({ kind: 'found', search, ...found });
    });
  }
}

function reportOf({ bytes, survey }: TextFile): TextReport {
  const { characters, counts, encoding } = survey;
  return {
    characters,
    bytes,
    lines: survey.survey.lines,
    lineEnds: { ...survey.survey.lineEnds },
    encoding: { ...encoding },
    vocabulary: counts.map(({ code, count, firstLine }) => ({ code, count, firstLine })),
    findings: inspectHealth(survey).map((finding) => ({ ...finding })),
  };
}

async function unlessCancelled(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof CharloomError && error.code === 'cancelled')) throw error;
  }
}
