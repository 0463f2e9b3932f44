import type { Bridge, OpenStream, StreamItem } from '../../../shared/ipc/contract.ts';
import type { ModelReference } from '../../../shared/domain/run.ts';
import type { FoundProperty, PropertyRequest, Unit } from '../../../shared/domain/inspected-properties.ts';
import type { Hold, InspectedText } from '../../../shared/domain/inspection.ts';
import type { SampleSettings } from '../../../shared/domain/sample-settings.ts';
import { assertNever } from '../../../shared/errors.ts';
import {
  idleWork,
  longQuestions,
  questionOfPart,
  type AskedProblem,
  type Item,
  type LongQuestion,
  type Part,
  type Question,
  type TurnedTexts,
  type Unnumbered,
  type Work,
} from './questions.ts';
import { ProgressEstimate } from '../progress-estimate.ts';
import { UnitScales } from './unit-scales.svelte.ts';
import { UnitReading } from './unit-reading.svelte.ts';

/** One model that has read one text and answers questions about what its units do, until it is closed. */
export class ModelInspection {
  status = $state.raw<'opening' | 'ready' | 'resting' | 'cancelled' | 'failed'>('resting');
  problem = $state.raw<unknown>(null);
  model = $state.raw<Item<'ready'> | null>(null);
  /** The reading of the text. */
  readWork = $state.raw<Work>(idleWork);
  next = $state.raw<Item<'next'> | null>(null);
  occlusion = $state.raw<Item<'occlusion'> | null>(null);
  found = $state.raw<readonly FoundProperty[]>([]);
  searched = $state.raw<Item<'searched'> | null>(null);
  growth = $state.raw<readonly Item<'grown'>[]>([]);
  turned = $state.raw<TurnedTexts | null>(null);
  silenced = $state.raw<Item<'silenced'> | null>(null);
  reach = $state.raw<Item<'reach'> | null>(null);
  like = $state.raw<Item<'like'> | null>(null);
  /** Why a short question was not answered; null when the last one was. */
  refused = $state.raw<AskedProblem | null>(null);
  work = $state.raw<Readonly<Record<LongQuestion, Work>>>({
    search: idleWork,
    growth: idleWork,
    write: idleWork,
    silence: idleWork,
    reach: idleWork,
  });
  readonly reading = new UnitReading((question) => this.#ask(question));
  readonly scales = new UnitScales((question) => this.#send(question));

  readonly #bridge: Bridge;
  readonly #model: ModelReference;
  readonly #text: InspectedText;
  #stream: OpenStream<'models.inspect'> | null = null;
  #requests = 0;
  #readEstimate = new ProgressEstimate();
  #estimates: Readonly<Partial<Record<LongQuestion, ProgressEstimate>>> = {};
  #isLooking = false;
  /** Where the cursor has gone meanwhile. */
  #lookNext: number | null = null;
  /** The last question of each kind: the answer to an older one is ignored. */
  #latest: Readonly<Partial<Record<Question['kind'], number>>> = {};

  constructor(bridge: Bridge, model: ModelReference, text: InspectedText) {
    this.#bridge = bridge;
    this.#model = model;
    this.#text = text;
  }

  /** Loads the model and reads the text, unless that is done. Earlier findings stay. */
  open(): void {
    if (this.#stream !== null) return;
    this.status = 'opening';
    this.problem = null;
    this.#readEstimate = new ProgressEstimate();
    this.readWork = { ...idleWork, isRunning: true };
    const params = { model: this.#model, text: this.#text };
    const stream = this.#bridge.open('models.inspect', params, (item) => {
      if (this.#stream === stream) this.#receive(item);
    });
    this.#stream = stream;
    stream.ended.catch((error: unknown) => {
      if (this.#stream !== stream) return;
      this.rest();
      this.status = 'failed';
      this.problem = error;
    });
  }

  /** Releases the process that holds the model and the text. */
  rest(): void {
    this.#stream?.close();
    this.#stream = null;
    if (this.status !== 'cancelled') this.status = 'resting';
    this.#forget();
  }

  /** Stops the reading. The text is read again only on request. */
  cancelReading(): void {
    this.rest();
    this.status = 'cancelled';
  }

  /** What the model expects after the symbol at a position. A moving cursor is followed as fast as answers arrive. */
  lookAt(position: number): void {
    if (this.#isLooking) {
      this.#lookNext = position;
      return;
    }
    this.#isLooking = true;
    this.#ask({ kind: 'next', position, count: 5 });
  }

  /** Which of the last symbols mattered for that. */
  askWhatMattered(position: number): void {
    this.#ask({ kind: 'occlusion', position, count: 60 });
  }

  /** Searches for the best unit for each of these properties, or for every built-in one if none is given. Findings for others stay. */
  search(properties: readonly PropertyRequest[]): void {
    if (properties.length === 0) this.found = [];
    this.searched = null;
    this.#begin('search', { kind: 'search', properties });
  }

  grow(unit: Unit, property: PropertyRequest): void {
    this.growth = [];
    this.#begin('growth', { kind: 'growth', unit, property });
  }

  turn(holds: readonly Hold[], settings: SampleSettings): void {
    this.turned = { holds, primeText: settings.primeText, untouched: '', held: '', end: null };
    this.#begin('write', { kind: 'write', holds, settings });
  }

  silence(holds: readonly Hold[]): void {
    this.silenced = null;
    this.#begin('silence', { kind: 'silence', holds });
  }

  measureReach(): void {
    this.#begin('reach', { kind: 'reach' });
  }

  findLike(position: number): void {
    this.#ask({ kind: 'like', position, count: 12 });
  }

  cancel(question: LongQuestion): void {
    this.#stream?.send({ kind: 'stop', question });
    this.#latest = { ...this.#latest, [question]: undefined };
    this.#work(question, { isRunning: false });
  }

  #begin(question: LongQuestion, message: Unnumbered<Question>): void {
    this.#estimates = { ...this.#estimates, [question]: new ProgressEstimate() };
    this.#work(question, { ...idleWork, isRunning: true });
    this.#ask(message);
  }

  /** Sends a question whose answer replaces that of the last one of its kind. */
  #ask(question: Unnumbered<Question>): number {
    const request = this.#send(question);
    this.#latest = { ...this.#latest, [question.kind]: request };
    return request;
  }

  #send(question: Unnumbered<Question>): number {
    const request = ++this.#requests;
    this.#stream?.send({ ...question, request });
    return request;
  }

  #work(question: LongQuestion, change: Partial<Work>): void {
    this.work = { ...this.work, [question]: { ...this.work[question], ...change } };
  }

  #looked(): void {
    const next = this.#lookNext;
    this.#isLooking = false;
    this.#lookNext = null;
    if (next !== null) this.lookAt(next);
  }

  #kindOf(request: number): Question['kind'] | null {
    const kinds = Object.keys(this.#latest) as Question['kind'][];
    return kinds.find((kind) => this.#latest[kind] === request) ?? null;
  }

  #receive(item: StreamItem<'models.inspect'>): void {
    if (item.kind === 'ready') return this.#begins(item);
    if (item.kind === 'progress' && item.request === null) {
      const { fraction } = item;
      this.readWork = { ...this.readWork, fraction, left: this.#readEstimate.left(fraction) };
      return;
    }
    if (item.kind === 'window') this.scales.hear(item);
    const kind = item.request === null ? null : this.#kindOf(item.request);
    if (kind === null) return;
    this.#answer(item, kind);
  }

  /** Called the first time, and again after a restored connection, when the other side knows nothing of earlier questions. */
  #begins(model: Item<'ready'>): void {
    this.model = model;
    this.status = 'ready';
    this.#forget();
    this.reading.begin(model.length, model.pieces);
  }

  /** Drops what was asked: its answers will not arrive. */
  #forget(): void {
    this.#latest = {};
    this.scales.forget();
    this.#isLooking = false;
    this.#lookNext = null;
    for (const question of longQuestions) this.#work(question, { isRunning: false });
  }

  #answer(item: Exclude<StreamItem<'models.inspect'>, Item<'ready'>>, kind: Question['kind']): void {
    const question = longQuestions.find((each) => each === kind);
    switch (item.kind) {
      case 'progress':
        if (question !== undefined)
          this.#work(question, {
            fraction: item.fraction,
            left: this.#estimates[question]?.left(item.fraction) ?? null,
          });
        return;
      case 'problem':
        if (kind === 'next') this.#looked();
        if (question === undefined) this.refused = item;
        else this.#work(question, { isRunning: false, problem: item });
        return;
      case 'window':
        return this.reading.hear(item);
      case 'next':
        this.next = item;
        return this.#looked();
      case 'occlusion':
        this.occlusion = item;
        return;
      case 'like':
        this.like = item;
        return;
      case 'places':
        return;
      default:
        return this.#work(questionOfPart[item.kind], { isRunning: !this.#takes(item) });
    }
  }

  /** Takes one part of the answer to a long question; true if it was the last. */
  #takes(item: Part): boolean {
    switch (item.kind) {
      case 'found':
        this.found = [...this.found.filter(({ name }) => name !== item.property.name), item.property];
        return false;
      case 'grown':
        this.growth = [...this.growth, item];
        return false;
      case 'wrote':
        if (this.turned !== null)
          this.turned = { ...this.turned, [item.which]: this.turned[item.which] + item.text };
        return false;
      case 'written':
        if (this.turned !== null) this.turned = { ...this.turned, end: item };
        return true;
      case 'searched':
        this.searched = item;
        return true;
      case 'growth-ended':
        return true;
      case 'silenced':
        this.silenced = item;
        return true;
      case 'reach':
        this.reach = item;
        return true;
      default:
        return assertNever(item);
    }
  }
}
