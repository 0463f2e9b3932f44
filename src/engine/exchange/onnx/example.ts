import type { ExchangeModel } from '../format.ts';

/** Ten lines that write with the model: the README.md section for ONNX. */
export function onnxExample({ metadata: { spec, symbols } }: ExchangeModel): string {
  const isBytes = symbols === 'bytes';
  const encoded = isBytes ? 'map(chr, text.encode())' : 'text';
  const decoded = isBytes ? 'print(bytes(map(ord, text)).decode("utf-8", "replace"))' : 'print(text)';
  return `
## Write with it in Python

\`pip install onnxruntime numpy\`, then run this in this folder:

\`\`\`python
import json, numpy, onnxruntime

session = onnxruntime.InferenceSession("model.onnx")
vocabulary = json.loads(session.get_modelmeta().custom_metadata_map["vocabulary"])
state = {i.name: numpy.zeros((1, 1, i.shape[2]), numpy.float32) for i in session.get_inputs()[1:]}
text = "The "
text = "".join(c for c in ${encoded} if c in vocabulary) or vocabulary[0]
for step in range(300):
    for c in text if step == 0 else text[-1]:
        logits, *values = session.run(None, {"ids": [[vocabulary.index(c)]], **state})
        state = dict(zip(state, values))
    p = numpy.exp((logits[0, 0].astype(float) - logits.max()) / 0.8)  # 0.8 is the temperature
    text += vocabulary[numpy.random.choice(len(p), p=p / p.sum())]
${decoded}
\`\`\`

Inputs: \`ids\` [${spec.layerNorm ? '1' : 'time'}, batch], and the states ${stateNames(spec.model)} [1, batch, ${spec.rnnSize}] of each layer, zeros at first. Outputs: \`logits\` of the next
symbol, and each state as it is afterwards, under its name with \`_out\`, in the same order.${
    spec.layerNorm ? ' This model is layer-normalised, so it\nreads one symbol a call.' : ''
  }
`;
}

function stateNames(model: ExchangeModel['metadata']['spec']['model']): string {
  return model === 'lstm' ? '`h0`, `c0`, ...' : '`h0`, ...';
}
