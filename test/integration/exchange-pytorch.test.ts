import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { usedParameters } from '../../src/engine/model/used-parameters.ts';
import { readCheckpoint } from '../../src/node/files/checkpoint-files.ts';
import { exchangeCases, exchangeCheckpoint } from '../support/exchange.ts';
import { describeExports, runPython } from '../support/exchange-python.ts';
import { exampleIn } from '../support/exported.ts';

/** Checks the module's results: two rows, symbol by symbol and all together; and that a gradient reaches every parameter. */
const check = `
import importlib, sys, torch
torch.set_num_threads(1)
sys.path.insert(0, "")

def check(vector):
    sys.modules.pop("charloom_model", None)
    model = importlib.import_module("charloom_model").load()
    ids = torch.tensor(vector["symbols"])[:, None].repeat(1, 2)
    expected = torch.tensor(vector["logits"])[:, None]
    with torch.no_grad():
        whole, _ = model(ids)
        rows, states = [], None
        for row in ids:
            logits, states = model(row[None], states)
            rows.append(logits[0])
    worst = max(float(abs(torch.stack(rows) - expected).max()), float(abs(whole - expected).max()))
    model(ids)[0].square().mean().backward()
    return {
        "worst": worst,
        "parameters": sum(p.numel() for p in model.parameters()),
        "moved": sum(p.numel() for p in model.parameters() if p.grad is not None and float(p.grad.abs().sum()) > 0),
        "layers": [type(layer).__name__ for layer in model.layers],
        "text": model.decode(model.encode("The é中😀 xyz")),
    }
`;

const answerSchema = z.object({
  worst: z.number(),
  parameters: z.int(),
  moved: z.int(),
  layers: z.array(z.string()),
  text: z.string(),
});

const group = { format: 'pytorch', cases: exchangeCases, check } as const;
describeExports('PyTorch', ['torch', 'safetensors.torch'], group, ({ folder, answer }) => {
  test.each(exchangeCases)('computes what the model computes: $title', (exchange) => {
    const { worst, parameters, moved, layers } = answerSchema.parse(answer(exchange));
    expect(worst).toBeLessThan(1e-4);
    const checkpoint = exchangeCheckpoint(exchange);
    const { model, layerNorm, numLayers } = checkpoint.metadata.spec;
    const sizes = [...usedParameters(checkpoint).values()].map(({ data }) => data.length);
    expect(parameters).toBe(sizes.reduce((sum, size) => sum + size, 0));
    expect(moved).toBe(parameters);
    const own = layerNorm || model === 'gru' ? 'Layer' : model.toUpperCase();
    expect(layers).toEqual(Array.from({ length: numLayers }, () => own));
  });

  test('reads symbols of any length, and leaves out what the vocabulary lacks', () => {
    const texts = exchangeCases.map((exchange) => [
      exchange.title,
      answerSchema.parse(answer(exchange)).text,
    ]);
    const shown = new Map(texts.map(([title = '', text = '']) => [title, text]));
    expect(shown.get('lstm')).toBe('The é中😀 ');
    // The bytes of é, and those of 中 and 😀 that the vocabulary has.
    expect(shown.get('lstm of bytes')).toMatch(/^The é/);
  });

  test.each(exchangeCases.filter(({ title }) => /^(lstm|gru|lstm of bytes)$/.test(title)))(
    'runs the example: $title',
    (exchange) => {
      const place = folder(exchange);
      const program = `import sys\nsys.path.insert(0, "")\n${exampleIn(place, 'python')}`;
      const text = runPython(place, program);
      expect(text.startsWith('The ')).toBe(true);
      expect([...text].length).toBeGreaterThan(100);
    },
  );

  test.each(exchangeCases)('Charloom opens the weights: $title', async (exchange) => {
    const opened = await readCheckpoint(join(folder(exchange), 'model.safetensors'));
    expect(opened.metadata.weights).toBe('trained');
    expect(opened.tensors).toEqual(usedParameters(exchangeCheckpoint(exchange)));
  });
});
