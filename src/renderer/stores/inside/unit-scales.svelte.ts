import type { Unit } from '../../../shared/domain/inspected-properties.ts';
import type { UnitScale } from '../../../shared/domain/inspection.ts';
import type { Item, Question, Unnumbered } from './questions.ts';

/** The distribution of units over the whole text, for those that were asked for. */
export class UnitScales {
  #known = $state.raw<Readonly<Record<string, UnitScale>>>({});
  /** Sends a question and returns its number. */
  readonly #send: (question: Unnumbered<Question>) => number;
  /** Units that were asked for, by the number of the question. */
  #asked: Readonly<Record<number, Unit>> = {};

  constructor(send: (question: Unnumbered<Question>) => number) {
    this.#send = send;
  }

  of(unit: Unit): UnitScale | undefined {
    return this.#known[unitKey(unit)];
  }

  ask(unit: Unit): void {
    if (this.of(unit) !== undefined) return;
    const request = this.#send({ kind: 'window', unit, start: 0, count: 1, property: null });
    this.#asked = { ...this.#asked, [request]: unit };
  }

  hear({ request, scale }: Item<'window'>): void {
    const unit = this.#asked[request];
    if (unit !== undefined) this.#known = { ...this.#known, [unitKey(unit)]: scale };
  }

  /** Drops what was asked: its answers will not arrive. */
  forget(): void {
    this.#asked = {};
  }
}

/** A unit as a key. */
export function unitKey({ state, layer, unit }: Unit): string {
  return `${state}${layer}/${unit}`;
}
