import type { EmbeddedBackend } from '../../../engine/backends/backend.ts';
import { createSymbolWriter } from '../../../engine/dataset/vocabulary.ts';
import type { Inspection } from '../../../engine/inspection/inspection.ts';
import { distribution, occlude } from '../../../engine/inspection/occlusion.ts';
import { pieceAt, placeOf } from '../../../engine/inspection/pieces.ts';
import { interestingPlaces } from '../../../engine/inspection/places.ts';
import { labelPositions } from '../../../engine/inspection/properties/label.ts';
import { numberOfUnit } from '../../../engine/inspection/units.ts';
import type { OpenInspection } from '../../../node/inspection/open-inspection.ts';
import type { InspectionItem, InspectionMessage } from '../../../shared/domain/inspection.ts';
import { assertNever, CharloomError } from '../../../shared/errors.ts';
import { LongAnswers } from './long-answers.ts';

type Message<K extends InspectionMessage['kind']> = Extract<InspectionMessage, { kind: K }>;

/** Symbols shown before and after a place that is like another, and the least distance between two such places. */
const shownBefore = 60;
const shownAfter = 20;
const apart = 50;

/** Answers requests of the Look inside page. A request that fails is reported as a problem, and the next one is processed. */
export class InspectionAnswers {
  readonly #inspection: Inspection;
  readonly #tell: (item: InspectionItem) => void;
  readonly #long: LongAnswers;

  constructor(
    opened: OpenInspection,
    backend: EmbeddedBackend,
    kept: readonly string[],
    tell: (item: InspectionItem) => void,
  ) {
    this.#inspection = opened.inspection;
    this.#tell = tell;
    this.#long = new LongAnswers(opened, backend, kept, tell);
  }

  async hear(message: InspectionMessage): Promise<void> {
    try {
      await this.#answer(message);
    } catch (error) {
      if (!(error instanceof CharloomError) || message.kind === 'stop') throw error;
      const fix = error.fix ?? null;
      this.#tell({ kind: 'problem', request: message.request, message: error.message, fix });
    }
  }

  #answer(message: InspectionMessage): Promise<void> | void {
    switch (message.kind) {
      case 'window':
        return this.#window(message);
      case 'next':
        return this.#next(message);
      case 'occlusion':
        return this.#occlusion(message);
      case 'places':
        return this.#places(message);
      case 'like':
        return this.#like(message);
      case 'search':
      case 'growth':
      case 'write':
      case 'silence':
      case 'reach':
      case 'stop':
        return this.#long.hear(message);
      default:
        return assertNever(message);
    }
  }

  #window({ request, unit, start, count, property }: Message<'window'>): void {
    const { values, texts } = this.#inspection.window(unit, start, count);
    const { text } = this.#inspection;
    const end = start + values.length;
    const labels = property === null ? null : [...labelPositions(text, property, Math.min(start, end), end)];
    const scale = this.#inspection.scale(unit);
    this.#tell({ kind: 'window', request, start, texts, values, labels, scale });
  }

  #next({ request, position, count }: Message<'next'>): void {
    const { text } = this.#inspection;
    const probabilities = distribution(this.#inspection.logitsOf(this.#inspection.statesAt(position)));
    const shown = (index: number): { index: number; text: string; probability: number } => ({
      index,
      text: createSymbolWriter(text.vocabulary).write(index),
      probability: Math.min(1, probabilities[index] ?? 0),
    });
    const order = [...probabilities.keys()].sort(
      (a, b) => (probabilities[b] ?? 0) - (probabilities[a] ?? 0) || a - b,
    );
    const piece = pieceAt(text, position);
    const following = piece === undefined ? undefined : text.symbols[placeOf(piece, position) + 1];
    this.#tell({
      kind: 'next',
      request,
      position,
      choices: order.slice(0, count).map(shown),
      actual: following === undefined ? null : shown(following),
    });
  }

  #occlusion({ request, position, count }: Message<'occlusion'>): void {
    this.#inspection.statesAt(position);
    const effects = occlude(this.#inspection, position, count);
    this.#tell({
      kind: 'occlusion',
      request,
      position,
      effects: [...effects],
      texts: [...this.#inspection.textsBefore(position, effects.length)],
    });
  }

  #places({ request, unit, property, count }: Message<'places'>): void {
    const { levels, text, model } = this.#inspection;
    const number = numberOfUnit(model.spec, unit);
    const own = levels.levels.subarray(number * text.length, (number + 1) * text.length);
    const labels = property === null ? null : labelPositions(text, property);
    this.#tell({ kind: 'places', request, positions: [...interestingPlaces(own, labels, count)] });
  }

  #like({ request, position, count }: Message<'like'>): void {
    this.#inspection.statesAt(position);
    const places = this.#inspection.like.find(position, count, apart).map((place) => ({
      ...place,
      ...this.#inspection.around(place.position, shownBefore, shownAfter),
    }));
    this.#tell({ kind: 'like', request, places });
  }
}
