import type { ExchangeModel } from '../format.ts';

/** The README.md section on writing with ml5. */
export function ml5Example({ metadata: { vocabulary } }: ExchangeModel): string {
  const seed = [...'The '].every((character) => vocabulary.includes(character))
    ? 'The '
    : (vocabulary.at(-1) ?? '');
  return `
## Write with it in a sketch

Put \`ml5.min.js\` (in \`dist\` of the npm package \`ml5\`, version 0.12.2; later versions have no charRNN) and this page into this folder, and open the page from a web server, for instance
\`python3 -m http.server\`:

\`\`\`html
<!doctype html>
<meta charset="utf-8" />
<pre id="text"></pre>
<script src="ml5.min.js"></script>
<script type="module">
  // One symbol at a time, a small model is faster on the processor than on a graphics card.
  await ml5.tf.setBackend('cpu');
  const rnn = await ml5.charRNN('model').ready;
  const seed = ${JSON.stringify(seed).replaceAll('<', '\\u003c')};
  const { sample } = await rnn.generate({ seed, length: 300, temperature: 0.8 });
  document.querySelector('#text').textContent = seed + sample;
</script>
\`\`\`

- In a p5.js sketch the folder \`model\` belongs beside \`sketch.js\`; \`ml5.charRNN('model', loaded)\` then calls \`loaded\`.
- The seed must not be empty, and may have only characters of \`model/vocab.json\`: ml5 does not leave others out.
- Use \`generate()\`: \`feed()\` of ml5 0.12.2 does not keep the state, and \`reset()\` does not clear it. So a second \`generate()\` continues where the first ended; load the model again for another text.
- Very low temperatures (below about 0.2) can overflow in ml5: it then writes one character again and again.
`;
}
