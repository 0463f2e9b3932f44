/** The README.md section on writing with the module. */
export function pytorchExample(): string {
  return `
## Write with it in Python

\`pip install torch safetensors\`, then run this in this folder:

\`\`\`python
import torch
from charloom_model import load, write

model = load("model.safetensors")
print(write(model, "The ", length=300, temperature=0.8))

# The same by hand: ids [time, batch] in, logits [time, batch, symbols] out, with the state of each layer.
ids = torch.tensor(model.encode("The "))[:, None]
logits, states = model(ids)
print(model.decode([int(logits[-1, 0].argmax())]))
\`\`\`

\`charloom_model.py\` is yours to change. Plain LSTM and RNN layers are \`torch.nn.LSTM\` and \`torch.nn.RNN\`; the GRU and layer-normalised layers are a class of their own, since \`torch.nn\` has none that
computes the same. Charloom opens \`model.safetensors\` like any checkpoint.
`;
}
