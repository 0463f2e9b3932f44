import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { exportFormatTable } from '../../src/shared/domain/exchange.ts';
import { hasChromium } from '../support/chromium.ts';
import { exchangeCases, exchangeCheckpoint } from '../support/exchange.ts';
import { ExchangePages, ml5ForPages } from '../support/exchange-pages.ts';
import { exampleIn, exported } from '../support/exported.ts';

const program = hasChromium ? ml5ForPages() : null;

/**
 * Lets ml5 read the test vector symbol by symbol, and notes the probabilities of the next. One generate() continues where the last one ended, since ml5
 * overwrites the state that it resets to.
 */
const page = `<!doctype html><meta charset="utf-8" /><script src="ml5.min.js"></script><script type="module">
await ml5.tf.setBackend('cpu');
const rnn = await ml5.charRNN('model').ready;
const names = Object.entries(rnn.vocab).sort((a, b) => a[1] - b[1]).map(([name]) => name);
const { symbols } = await (await fetch('test-vector.json')).json();
const found = [];
for (const symbol of symbols) {
  await rnn.generate({ seed: names[symbol], length: 1, temperature: 1, stateful: true });
  found.push(Array.from(rnn.probabilities));
}
window.found = { probabilities: found, names };
</script>`;

const vectorSchema = z.object({ logits: z.array(z.array(z.number())) });

const cases = exchangeCases.filter(
  (exchange) => exportFormatTable.ml5.refusal(exchangeCheckpoint(exchange).metadata) === null,
);

const title = program === null ? ' (skipped: npm cannot have it here, or there is no Chromium)' : '';
describe.skipIf(program === null)(`ml5 0.12.2${title}`, () => {
  let pages: ExchangePages;
  beforeAll(async () => {
    pages = await ExchangePages.open({ name: 'ml5.min.js', path: program ?? '' });
  });
  afterAll(async () => {
    await pages.close();
    expect(pages.complaints).toEqual([]);
  });

  test('can be given plain LSTMs of two layers: of characters, of ASCII bytes, averaged', () => {
    expect(cases.map((exchange) => exchange.title)).toEqual([
      'lstm',
      'lstm, averaged',
      'lstm of ASCII bytes',
    ]);
  });

  test.each(cases)('computes what the model computes: $title', async (exchange) => {
    const folder = await exported('ml5', exchange);
    const found = await pages.visit(folder, page, async (tab) => {
      await tab.waitForFunction('window.found !== undefined', undefined, { timeout: 60_000 });
      return tab.evaluate<{ probabilities: number[][]; names: string[] }>('window.found');
    });
    expect(found.names).toEqual(exchangeCheckpoint(exchange).metadata.vocabulary);
    const { logits } = vectorSchema.parse(JSON.parse(readFileSync(join(folder, 'test-vector.json'), 'utf8')));
    const differences = logits.map((row, index) => {
      const total = row.reduce((sum, value) => sum + Math.exp(value), 0);
      return row.map((value, symbol) =>
        Math.abs(value - Math.log(total) - Math.log(found.probabilities[index]?.[symbol] ?? NaN)),
      );
    });
    expect(Math.max(...differences.flat())).toBeLessThan(1e-4);
  });

  test('runs the example', async () => {
    const [plain] = cases;
    if (plain === undefined) throw new Error('there is no case');
    const folder = await exported('ml5', plain);
    const text = await pages.visit(folder, exampleIn(folder, 'html'), async (tab) => {
      const written = tab.locator('#text');
      await expect.poll(() => written.textContent(), { timeout: 30_000 }).not.toBe('');
      return written.textContent();
    });
    expect(text?.startsWith('The ')).toBe(true);
    expect([...(text ?? '')].length).toBeGreaterThan(100);
  });
});
