import type { SampleSettings } from '../shared/domain/sample-settings.ts';
import { defaultSampleSettings } from '../shared/domain/sample-settings.ts';
import type { Elements } from './elements.ts';

/** The settings of the page's controls. */
export function settingsOf({ opening, temperature, seed, length }: Elements): SampleSettings {
  return {
    ...defaultSampleSettings,
    primeText: opening.value,
    temperature: temperature.valueAsNumber,
    seed: seed.valueAsNumber,
    length: length.valueAsNumber,
  };
}

/** Which buttons can be pressed. */
export function allow(
  elements: Elements,
  { isWriting, hasText }: { readonly isWriting: boolean; readonly hasText: boolean },
): void {
  elements.write.disabled = isWriting;
  elements.stop.disabled = !isWriting;
  elements.continue.disabled = isWriting || !hasText;
  for (const button of [elements.copy, elements.save, elements.print]) button.disabled = !hasText;
}

/** Any seed, from the browser's random numbers. */
export function anySeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}
