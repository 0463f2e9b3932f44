import { expect, test } from 'vitest';
import { z } from 'zod';
import { exchangeCases } from '../support/exchange.ts';
import { describeExports, runPython } from '../support/exchange-python.ts';
import { exampleIn } from '../support/exported.ts';

/** What the Keras model computes: all symbols together and, after it forgot them, in two parts. */
const check = `
import importlib, sys, numpy
sys.path.insert(0, "")

def check(vector):
    sys.modules.pop("keras_model", None)
    reader = importlib.import_module("keras_model")
    model = reader.load()
    symbols = vector["symbols"]
    whole = reader.read(model, symbols)
    reader.reset(model)
    parts = numpy.concatenate([reader.read(model, symbols[:10]), reader.read(model, symbols[10:])])
    return float(max(abs(whole - vector["logits"]).max(), abs(parts - vector["logits"]).max()))
`;

/** Each takes Keras seconds: plain GRU and RNN, and every cell with residual connections. */
const cases = exchangeCases.filter(({ title }) => /^(lstm|gru|rnn)(, residual)?$/.test(title)).slice(1);

describeExports('Keras', ['numpy', 'keras'], { format: 'tfjs', cases, check }, ({ folder, answer }) => {
  test.each(cases)('computes what the model computes: $title', (exchange) => {
    expect(z.number().parse(answer(exchange))).toBeLessThan(1e-4);
  });

  test('runs the example', () => {
    const [plain] = cases;
    const place = plain === undefined ? '' : folder(plain);
    // On JAX each call takes a second.
    const example = exampleIn(place, 'python').replace('length=300', 'length=3');
    const text = runPython(place, `import sys\nsys.path.insert(0, "")\n${example}`);
    expect(text.startsWith('The ')).toBe(true);
    expect([...text].length).toBeGreaterThanOrEqual(7);
  });
});
