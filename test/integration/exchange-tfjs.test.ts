import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exportFormatTable } from '../../src/shared/domain/exchange.ts';
import { hasChromium } from '../support/chromium.ts';
import { exchangeCases, exchangeCheckpoint } from '../support/exchange.ts';
import { ExchangePages, tensorflowForPages } from '../support/exchange-pages.ts';
import { exampleIn, exported } from '../support/exported.ts';

const program = tensorflowForPages();
const isReady = program !== null && hasChromium;

/** Loads the model with TensorFlow.js's own reader, and holds what it computes to the test vector. */
const page = `<!doctype html><meta charset="utf-8" /><script src="tf.min.js"></script><script type="module">
await tf.setBackend('cpu');
const model = await tf.loadLayersModel('model.json');
const { vocabulary } = model.getUserDefinedMetadata();
const { symbols, logits } = await (await fetch('test-vector.json')).json();
let worst = 0;
const compare = (found, expected) => expected.forEach((value, index) => { worst = Math.max(worst, Math.abs(value - found[index])); });
const oneHot = (ids) => tf.oneHot(tf.tensor2d([ids], [1, ids.length], 'int32'), vocabulary.length).toFloat();
symbols.forEach((symbol, index) => compare(model.predict(oneHot([symbol])).dataSync(), logits[index]));
model.resetStates();
compare(model.predict(oneHot(symbols)).dataSync(), logits.flat());
window.found = { worst, vocabulary, layers: model.layers.length };
</script>`;

const cases = exchangeCases.filter(
  (exchange) => exportFormatTable.tfjs.refusal(exchangeCheckpoint(exchange).metadata) === null,
);

describe.skipIf(!isReady)(
  `TensorFlow.js${isReady ? '' : ' (skipped: it is not installed here, or no Chromium is)'}`,
  () => {
    let pages: ExchangePages;
    beforeAll(async () => {
      pages = await ExchangePages.open({ name: 'tf.min.js', path: program ?? '' });
    });
    afterAll(async () => {
      await pages.close();
      expect(pages.complaints).toEqual([]);
    });

    test.each(cases)('computes what the model computes: $title', async (exchange) => {
      const folder = await exported('tfjs', exchange);
      const found = await pages.visit(folder, page, async (tab) => {
        await tab.waitForFunction('window.found !== undefined');
        return tab.evaluate<{ worst: number; vocabulary: string[] }>('window.found');
      });
      expect(found.worst).toBeLessThan(1e-4);
      expect(found.vocabulary).toEqual(exchangeCheckpoint(exchange).metadata.vocabulary);
    });

    test.each(cases.filter(({ title }) => /^(lstm|lstm of bytes)$/.test(title)))(
      'runs the example: $title',
      async (exchange) => {
        const folder = await exported('tfjs', exchange);
        const text = await pages.visit(folder, exampleIn(folder, 'html'), async (tab) => {
          const written = tab.locator('#text');
          await expect.poll(() => written.textContent(), { timeout: 20_000 }).not.toBe('');
          return written.textContent();
        });
        expect(text?.startsWith('The ')).toBe(true);
        expect([...(text ?? '')].length).toBeGreaterThan(100);
      },
    );
  },
);
