import type { ExchangeModel } from '../format.ts';

/** The README.md section on writing in a web page and in Python. */
export function tensorflowJsExample({ metadata: { symbols } }: ExchangeModel): string {
  const isBytes = symbols === 'bytes';
  const encoded = isBytes
    ? "Array.from(new TextEncoder().encode('The '), (byte) => String.fromCharCode(byte))"
    : "[...'The ']";
  const decoded = isBytes
    ? "new TextDecoder().decode(Uint8Array.from(text.join(''), (byte) => byte.charCodeAt(0)))"
    : "text.join('')";
  return `
## Write with it in a web page

Put \`tf.min.js\` (in \`dist\` of the npm package \`@tensorflow/tfjs\`) and this page into this folder, and open the page from a web server, for instance \`python3 -m http.server\`:

\`\`\`html
<!doctype html>
<meta charset="utf-8" />
<pre id="text"></pre>
<script src="tf.min.js"></script>
<script type="module">
  // One symbol at a time, a small model is faster on the processor than on a graphics card.
  await tf.setBackend('cpu');
  const model = await tf.loadLayersModel('model.json');
  const { vocabulary } = model.getUserDefinedMetadata();
  // Layers are stateful: the model remembers what it has read until model.resetStates().
  const read = (id) => tf.tidy(() => model.predict(tf.oneHot(tf.tensor2d([[id]], [1, 1], 'int32'), vocabulary.length).toFloat()).div(0.8).softmax().dataSync());
  const draw = (chances, place = Math.random()) => chances.findIndex((chance) => (place -= chance) < 0);
  const text = ${encoded}.filter((symbol) => vocabulary.includes(symbol));
  let chances = text.map((symbol) => read(vocabulary.indexOf(symbol))).at(-1) ?? read(0);
  for (let count = 0; count < 300; count++) {
    const id = Math.max(0, draw(chances));
    text.push(vocabulary[id]);
    chances = read(id);
  }
  document.querySelector('#text').textContent = ${decoded};
</script>
\`\`\`

The model reads one-hot symbols [1, time, vocabulary] and answers with logits of the same shape; 0.8 is the temperature.

## Write with it in Python

\`pip install keras numpy\` and a backend for Keras (TensorFlow, PyTorch or JAX), then run this in this folder:

\`\`\`python
from keras_model import load, write

model = load()
print(write(model, "The ", length=300, temperature=0.8))
\`\`\`
`;
}
