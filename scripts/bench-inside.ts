import { tmpdir } from 'node:os';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { initialParameters } from '../src/engine/model/initial-parameters.ts';
import { createVocabulary } from '../src/engine/dataset/vocabulary.ts';
import { Inspection } from '../src/engine/inspection/inspection.ts';
import { otherPieces } from '../src/engine/inspection/pieces.ts';
import { allProperties } from '../src/engine/inspection/unit-search.ts';
import { unitCount } from '../src/engine/inspection/units.ts';
import { sampleText } from '../src/node/samples/sample-text.ts';
import { loadWasmBackend } from '../src/node/wasm/backend.ts';
import type { ModelSpec } from '../src/shared/domain/model-spec.ts';

/**
 * How long looking inside takes: 100,000 symbols of a bundled book, all built-in properties, an LSTM of 2x128 with random parameters (their values do not
 * affect the time). `npm run bench:inside -- 256` takes another layer size.
 */
const size = Number(process.argv[2] ?? 128);
const folder = mkdtempSync(join(tmpdir(), 'charloom-bench-'));
const text = readFileSync(await sampleText('moby-dick', folder), 'utf8').slice(0, 110_000);
rmSync(folder, { recursive: true });
const codes = Array.from(text, (character) => character.codePointAt(0) ?? 0);
const vocabulary = createVocabulary('characters', new Set(codes));
const symbols = Uint8Array.from(codes, (code) => vocabulary.codes.indexOf(code));
const spec: ModelSpec = {
  model: 'lstm',
  vocabularySize: vocabulary.codes.length,
  rnnSize: size,
  numLayers: 2,
  dropout: 0,
  layerNorm: true,
  residual: 'on',
};
const backend = await loadWasmBackend({ threads: 1 });
const parameters = initialParameters(spec, 1);
const network = backend.createSamplingNetwork(spec);
network.importTensors(parameters);
const inspection = new Inspection(
  { spec, parameters, network, backend },
  otherPieces(
    { vocabulary, symbols, starts: undefined },
    Math.min(100_000, Math.floor(200e6 / unitCount(spec))),
  ),
);

console.log(`${inspection.text.length} symbols, ${unitCount(spec)} units`);
measure('reading the text', () => exhaust(inspection.read()));
measure(`searching for ${allProperties.length} properties`, () => {
  for (const property of allProperties) exhaust(inspection.search.find(property));
});
backend.dispose();

function exhaust(work: Generator<unknown, unknown, void>): void {
  while (work.next().done !== true);
}

/** On a busy machine processor time is more meaningful than elapsed time. */
function measure(what: string, work: () => void): void {
  const [begun, used] = [performance.now(), process.cpuUsage()];
  work();
  const { user, system } = process.cpuUsage(used);
  const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(1);
  console.log(
    `${what}: ${seconds(performance.now() - begun)} s, ${seconds((user + system) / 1000)} s of the processor`,
  );
}
