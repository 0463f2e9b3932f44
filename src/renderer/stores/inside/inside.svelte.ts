import type { Bridge } from '../../../shared/ipc/contract.ts';
import type { ModelSpec } from '../../../shared/domain/model-spec.ts';
import type { PropertyRequest, Unit } from '../../../shared/domain/inspected-properties.ts';
import type { InspectedText } from '../../../shared/domain/inspection.ts';
import { defaultSampleSettings, type SampleSettings } from '../../../shared/domain/sample-settings.ts';
import type { ModelReference } from '../../../shared/domain/run.ts';
import type { Span } from './spans.ts';
import { ModelInspection } from './model-inspection.svelte.ts';

export type InsideTab = 'read' | 'track' | 'turn' | 'reach';

/** A unit that is held while the model writes, and at what. */
export interface HeldUnit {
  readonly unit: Unit;
  readonly value: number | 'high' | 'low' | 'mean';
}

const learned: InspectedText = { kind: 'learned' };
const firstUnit: Unit = { state: 'h', layer: 0, unit: 0 };

/** The initial unit: in the cell state of the last layer, if it has one, because that lasts longest. */
function lastingUnit({ model, numLayers }: ModelSpec): Unit {
  return { state: model === 'lstm' ? 'c' : 'h', layer: numLayers - 1, unit: 0 };
}

/** The inspected models and units: they stay while other pages are open. */
export class Inside {
  tab = $state.raw<InsideTab>('read');
  model = $state.raw<ModelReference | null>(null);
  text = $state.raw<InspectedText>(learned);
  unit = $state.raw<Unit>(firstUnit);
  property = $state.raw<PropertyRequest | null>({ kind: 'built-in', name: 'quotes' });
  /** The symbol that is looked at. */
  cursor = $state(0);
  /** Passages that the user marked in the text. */
  passages = $state.raw<readonly Span[]>([]);
  holds = $state.raw<readonly HeldUnit[]>([]);
  settings = $state.raw<SampleSettings>({ ...defaultSampleSettings, length: 5000, temperature: 0.8 });
  inspection = $state.raw<ModelInspection | null>(null);

  readonly #bridge: Bridge;
  /** The inspected model and text, as a string to compare. */
  #opened = '';

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  /** Opens a text, from any page. */
  lookAt(model: ModelReference, text: InspectedText): void {
    this.model = model;
    this.text = text;
    this.tab = 'read';
  }

  /** Opens the chosen model and text; does nothing if they are open. Another model has other units. */
  open(): void {
    const { model, text } = this;
    if (model === null) return;
    const wanted = JSON.stringify([model, text]);
    if (wanted === this.#opened && this.inspection !== null) {
      if (this.inspection.status !== 'cancelled') this.inspection.open();
      return;
    }
    const isOtherModel = !this.#opened.startsWith(JSON.stringify([model]).slice(0, -1));
    this.inspection?.rest();
    this.#opened = wanted;
    this.cursor = 0;
    this.passages = [];
    if (isOtherModel) {
      this.holds = [];
      this.unit = firstUnit;
    }
    this.inspection = new ModelInspection(this.#bridge, model, text);
    this.inspection.open();
  }

  /** The initial view, before the user has chosen. */
  begin(spec: ModelSpec): void {
    if (this.unit === firstUnit) this.unit = lastingUnit(spec);
  }

  /** Releases the process that holds the model and its text. */
  rest(): void {
    this.inspection?.rest();
  }

  /** Reads along with a unit. */
  follow(unit: Unit, property: PropertyRequest | null): void {
    this.unit = unit;
    this.property = property;
    this.tab = 'read';
  }
}
