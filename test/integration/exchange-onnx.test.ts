import { expect, test } from 'vitest';
import { z } from 'zod';
import { exchangeCases, exchangeCheckpoint } from '../support/exchange.ts';
import { describeExports, runPython } from '../support/exchange-python.ts';
import { exampleIn } from '../support/exported.ts';

/** Checks the file against the standard, and ONNX Runtime's results against the test vector: two rows, symbol by symbol and all together. */
const check = `
import numpy, onnx, onnxruntime
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1

def check(vector):
    model = onnx.load("model.onnx")
    onnx.checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession("model.onnx", options)
    ids = numpy.repeat(numpy.array(vector["symbols"])[:, None], 2, 1)
    expected = numpy.array(vector["logits"])[:, None]
    zeros = {i.name: numpy.zeros((1, 2, i.shape[2]), numpy.float32) for i in session.get_inputs()[1:]}
    state, rows = zeros, []
    for row in ids:
        logits, *values = session.run(None, {"ids": [row], **state})
        state = dict(zip(state, values))
        rows.append(logits[0])
    worst = float(abs(numpy.array(rows) - expected).max())
    if session.get_inputs()[0].shape[0] == "time":
        whole = session.run(["logits"], {"ids": ids, **zeros})[0]
        worst = max(worst, float(abs(whole - expected).max()))
    return {
        "worst": worst,
        "opset": model.opset_import[0].version,
        "metadata": session.get_modelmeta().custom_metadata_map,
        "names": [i.name for i in session.get_inputs()] + [o.name for o in session.get_outputs()],
    }
`;

const answerSchema = z.object({
  worst: z.number(),
  opset: z.number(),
  metadata: z.record(z.string(), z.string()),
  names: z.array(z.string()),
});

const group = { format: 'onnx', cases: exchangeCases, check } as const;
describeExports('ONNX Runtime', ['numpy', 'onnx', 'onnxruntime'], group, ({ folder, answer }) => {
  test.each(exchangeCases)('computes what the model computes: $title', (exchange) => {
    const { worst, opset, metadata, names } = answerSchema.parse(answer(exchange));
    expect(worst).toBeLessThan(1e-4);
    expect(opset).toBe(14);
    const { vocabulary, spec } = exchangeCheckpoint(exchange).metadata;
    expect(JSON.parse(metadata['vocabulary'] ?? '')).toEqual(vocabulary);
    const states = spec.model === 'lstm' ? ['h0', 'c0'] : ['h0'];
    expect(names.slice(0, states.length + 1)).toEqual(['ids', ...states]);
    expect(names).toContain('logits');
    expect(names.at(-1)).toBe(`${spec.model === 'lstm' ? 'c' : 'h'}${spec.numLayers - 1}_out`);
  });

  test.each(exchangeCases.filter(({ title }) => /^lstm(, layer-normalised| of bytes)?$/.test(title)))(
    'runs the example: $title',
    (exchange) => {
      const place = folder(exchange);
      const text = runPython(place, `import numpy\nnumpy.random.seed(1)\n${exampleIn(place, 'python')}`);
      expect(text.startsWith('The')).toBe(true);
      expect([...text].length).toBeGreaterThan(100);
    },
  );
});
