import type { EmbeddedBackend, TensorMap } from '../../src/engine/backends/backend.ts';
import { createVocabulary } from '../../src/engine/dataset/vocabulary.ts';
import type { Inspection } from '../../src/engine/inspection/inspection.ts';
import { type InspectedModel } from '../../src/engine/inspection/inspection.ts';
import { otherPieces, type InspectedSymbols } from '../../src/engine/inspection/pieces.ts';
import type { FoundProperty, PropertyRequest } from '../../src/shared/domain/inspected-properties.ts';
import type { ModelSpec } from '../../src/shared/domain/model-spec.ts';

/** Parameters with networks of a backend. */
export function inspectedModelOf(
  backend: EmbeddedBackend,
  spec: ModelSpec,
  parameters: TensorMap,
): InspectedModel {
  const network = backend.createSamplingNetwork(spec);
  network.importTensors(parameters);
  return { spec, parameters, network, backend };
}

/** The same inspection, once it has read its text. */
export function read(inspection: Inspection): Inspection {
  for (const fraction of inspection.read()) if (fraction > 1) throw new Error('more than everything');
  return inspection;
}

/** A text as a whole, in its own characters or in UTF-8 bytes. */
export function inspectedText(text: string, mode: 'characters' | 'bytes' = 'characters'): InspectedSymbols {
  const codes =
    mode === 'bytes'
      ? [...new TextEncoder().encode(text)]
      : Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const vocabulary = createVocabulary(mode, new Set(codes));
  const symbols = Uint32Array.from(codes, (code) => vocabulary.codes.indexOf(code));
  return otherPieces({ vocabulary, symbols, starts: undefined });
}

/** What a search finds. */
export function find(inspection: Inspection, property: PropertyRequest): FoundProperty {
  return outcome(inspection.search.find(property));
}

/** Runs work that is done in portions to its end. */
export function outcome<Result>(work: Generator<unknown, Result, void>): Result {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}
