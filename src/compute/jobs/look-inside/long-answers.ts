import type { EmbeddedBackend } from '../../../engine/backends/backend.ts';
import { createSymbolWriter } from '../../../engine/dataset/vocabulary.ts';
import { scoreUnit } from '../../../engine/inspection/growth.ts';
import { measureReach } from '../../../engine/inspection/reach.ts';
import { measureHeld } from '../../../engine/inspection/silence.ts';
import { allProperties } from '../../../engine/inspection/unit-search.ts';
import { numberOfUnit, unitCount } from '../../../engine/inspection/units.ts';
import { writeBeside } from '../../../engine/inspection/write-beside.ts';
import { drive } from '../../../node/inspection/drive.ts';
import { thinCheckpoints, openKept } from '../../../node/inspection/kept-checkpoints.ts';
import { heldUnits } from '../../../node/inspection/held-values.ts';
import type { OpenInspection } from '../../../node/inspection/open-inspection.ts';
import { recordSeparator } from '../../../shared/domain/record-separator.ts';
import type { InspectionItem, InspectionMessage } from '../../../shared/domain/inspection.ts';
import { assertNever } from '../../../shared/errors.ts';
import { throttled } from '../../throttled.ts';
import { Turns } from './turns.ts';

type LongKind = 'search' | 'growth' | 'write' | 'silence' | 'reach';
type Question = Extract<InspectionMessage, { kind: LongKind }>;
type Message<K extends LongKind> = Extract<InspectionMessage, { kind: K }>;
type Doing = Extract<InspectionItem, { kind: 'progress' }>['doing'];

/** Answers that take a long time: sent in portions, with progress, and cancelled by the next question of their kind. */
export class LongAnswers {
  readonly #opened: OpenInspection;
  readonly #backend: EmbeddedBackend;
  readonly #kept: readonly string[];
  readonly #tell: (item: InspectionItem) => void;
  readonly #turns = new Turns<LongKind>();

  constructor(
    opened: OpenInspection,
    backend: EmbeddedBackend,
    kept: readonly string[],
    tell: (item: InspectionItem) => void,
  ) {
    this.#opened = opened;
    this.#backend = backend;
    this.#kept = kept;
    this.#tell = tell;
  }

  hear(message: Question | Extract<InspectionMessage, { kind: 'stop' }>): Promise<void> | void {
    switch (message.kind) {
      case 'search':
        return this.#search(message);
      case 'growth':
        return this.#growth(message);
      case 'write':
        return this.#write(message);
      case 'silence':
        return this.#silence(message);
      case 'reach':
        return this.#reach(message);
      case 'stop':
        return this.#turns.stop(message.question);
      default:
        return assertNever(message);
    }
  }

  async #search({ request, properties }: Message<'search'>): Promise<void> {
    const { search, text, model } = this.#opened.inspection;
    const begun = performance.now();
    const wanted = properties.length === 0 ? allProperties : properties;
    const isWanted = this.#turns.begin('search');
    const progress = this.#progress(request, 'searching');
    for (const [index, property] of wanted.entries()) {
      const found = await drive(search.find(property), {
        isWanted,
        onStep: (fraction) => progress((index + fraction) / wanted.length),
      });
      if (found === undefined) return;
      this.#tell({ kind: 'found', request, property: found.result });
    }
    const milliseconds = Math.round(performance.now() - begun);
    const units = unitCount(model.spec);
    this.#tell({ kind: 'searched', request, symbols: text.length, units, milliseconds });
  }

  async #growth({ request, unit, property }: Message<'growth'>): Promise<void> {
    const { text, model } = this.#opened.inspection;
    const number = numberOfUnit(model.spec, unit);
    const isWanted = this.#turns.begin('growth');
    const progress = this.#progress(request, 'measuring');
    const kept = thinCheckpoints(this.#kept);
    for (const [index, path] of kept.entries()) {
      const checkpoint = await openKept(path, this.#opened.metadata, this.#backend);
      if (!isWanted()) return checkpoint?.model.network.dispose();
      if (checkpoint === undefined) continue;
      const { file, epoch, validationLoss } = checkpoint;
      try {
        const work = scoreUnit(checkpoint.model, text, property, number);
        const done = await drive(work, {
          isWanted,
          onStep: (fraction) => progress((index + fraction) / kept.length),
        });
        if (done === undefined) return;
        this.#tell({ kind: 'grown', request, file, epoch, validationLoss, score: done.result });
      } finally {
        checkpoint.model.network.dispose();
      }
    }
    this.#tell({ kind: 'growth-ended', request });
  }

  async #write({ request, holds, settings }: Message<'write'>): Promise<void> {
    const { inspection, metadata } = this.#opened;
    const held = heldUnits(inspection, holds);
    const isWanted = this.#turns.begin('write');
    const progress = this.#progress(request, 'writing');
    const separator = recordSeparator(metadata.settings.records);
    const work = writeBeside(inspection.model, inspection.text.vocabulary, separator, held, settings);
    const done = await drive(work, {
      isWanted,
      onStep: ({ which, text, fraction }) => {
        this.#tell({ kind: 'wrote', request, which, text });
        progress(fraction);
      },
    });
    if (done === undefined) return;
    const values = held.map(({ value }) => value);
    this.#tell({ kind: 'written', request, values, counted: [...done.result] });
  }

  async #silence({ request, holds }: Message<'silence'>): Promise<void> {
    const { inspection } = this.#opened;
    const held = heldUnits(inspection, holds);
    const isWanted = this.#turns.begin('silence');
    const work = measureHeld(inspection, held);
    const done = await drive(work, { isWanted, onStep: this.#progress(request, 'measuring') });
    if (done === undefined) return;
    const { untouched, held: loss, symbols } = done.result;
    this.#tell({
      kind: 'silenced',
      request,
      values: held.map(({ value }) => value),
      untouched,
      held: loss,
      symbols: symbols.map((symbol) => ({
        ...symbol,
        text: createSymbolWriter(inspection.text.vocabulary).write(symbol.index),
      })),
    });
  }

  async #reach({ request }: Message<'reach'>): Promise<void> {
    const isWanted = this.#turns.begin('reach');
    const work = measureReach(this.#opened.inspection);
    const done = await drive(work, { isWanted, onStep: this.#progress(request, 'measuring') });
    if (done === undefined) return;
    const { points, all, places } = done.result;
    this.#tell({ kind: 'reach', request, points: [...points], all, places });
  }

  #progress(request: number, doing: Doing): (fraction: number) => void {
    return throttled((fraction) => this.#tell({ kind: 'progress', request, doing, fraction }));
  }
}
