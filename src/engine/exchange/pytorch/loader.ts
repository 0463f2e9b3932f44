/**
 * `charloom_model.py`: reads model.safetensors into a module of PyTorch. Plain LSTM and RNN layers become PyTorch's own, which are faster. PyTorch's GRU
 * cannot represent ours, and it has no layer-normalised layers, so those use the class `Layer`.
 */
export const pytorchLoader = `"""A character-level language model that Charloom exported, as a PyTorch module. Needs torch and safetensors.

    from charloom_model import load, write
    model = load("model.safetensors")
    print(write(model, "The ", 300))
"""

import json

import torch
from safetensors import safe_open
from torch import nn
from torch.nn import functional as F


class Layer(nn.Module):
    """A recurrent layer as Charloom defines it: GRU, and every layer-normalised one.

    nn.GRU resets after its recurrent product and keeps z of the old state; this one resets before, and keeps 1 - z, as char-rnn does.
    Blocks of rows: LSTM i, f, o, g; GRU z, r, n. Layer normalisation: Ba, Kiros and Hinton 2016, epsilon 0.00001.
    """

    def __init__(self, kind, tensors):
        super().__init__()
        self.kind = kind
        self.normalised = "gx" in tensors
        for name, tensor in tensors.items():
            self.register_parameter(name, nn.Parameter(tensor))

    def forward(self, x, state=None):
        """x [time, batch, inputs] to outputs [time, batch, size] and the state after them, a tuple of [batch, size]."""
        size = self.wh.shape[1]
        if state is None:
            zeros = x.new_zeros(x.shape[1], size)
            state = (zeros, zeros) if self.kind == "lstm" else (zeros,)
        outputs = []
        for row in x:
            state = self.step(row, *state)
            outputs.append(state[0])
        return torch.stack(outputs), state

    def step(self, x, h, c=None):
        size = h.shape[1]
        read = self.product("x", x)
        if self.kind == "gru":
            kept, candidate = read[:, : 2 * size], read[:, 2 * size :]
            z, r = torch.sigmoid(kept + self.product("h", h, slice(0, 2 * size))).chunk(2, 1)
            n = torch.tanh(candidate + self.product("h", r * h, slice(2 * size, None)))
            return (z * n + (1 - z) * h,)
        gates = read + self.product("h", h)
        if self.kind == "rnn":
            return (torch.tanh(gates),)
        i, f, o = torch.sigmoid(gates[:, : 3 * size]).chunk(3, 1)
        c = f * c + i * torch.tanh(gates[:, 3 * size :])
        shown = F.layer_norm(c, (size,), self.gc, self.bc, 1e-5) if self.normalised else c
        return o * torch.tanh(shown), c

    def product(self, side, value, rows=slice(None)):
        weight, bias = getattr(self, "w" + side)[rows], getattr(self, "b" + side)[rows]
        if not self.normalised:
            return F.linear(value, weight, bias)
        return F.layer_norm(F.linear(value, weight), bias.shape, getattr(self, "g" + side)[rows], bias, 1e-5)


def own_layer(kind, tensors):
    """The same as PyTorch's own layer, whose LSTM has its gates in the order i, f, g, o."""
    rows, inputs = tensors["wx"].shape
    size = tensors["wh"].shape[1]
    layer = nn.LSTM(inputs, size) if kind == "lstm" else nn.RNN(inputs, size)
    order = [0, 1, 3, 2] if kind == "lstm" else [0]
    names = {"wx": "weight_ih_l0", "wh": "weight_hh_l0", "bx": "bias_ih_l0", "bh": "bias_hh_l0"}
    layer.load_state_dict(
        {names[name]: torch.cat([tensor.chunk(len(order))[gate] for gate in order]) for name, tensor in tensors.items()}
    )
    return layer


class CharacterModel(nn.Module):
    def __init__(self, about, tensors):
        super().__init__()
        spec = about["spec"]
        self.vocabulary = about["vocabulary"]
        self.reads_bytes = about["symbols"] == "bytes"
        layers = spec["numLayers"]
        self.residual = spec["residual"] == "on" or (spec["residual"] == "deep" and layers >= 3)
        self.layers = nn.ModuleList()
        for number in range(layers):
            prefix = f"layers.{number}."
            own = {name[len(prefix) :]: tensor for name, tensor in tensors.items() if name.startswith(prefix)}
            is_plain = spec["model"] != "gru" and not spec["layerNorm"]
            self.layers.append(own_layer(spec["model"], own) if is_plain else Layer(spec["model"], own))
        self.decoder = nn.Linear(spec["rnnSize"], spec["vocabularySize"])
        self.decoder.load_state_dict({"weight": tensors["decoder.w"], "bias": tensors["decoder.b"]})

    def forward(self, ids, states=None):
        """ids [time, batch] to logits [time, batch, symbols] of the next symbols, and the states of the layers after them."""
        states = states or [None] * len(self.layers)
        x, after = F.one_hot(ids, len(self.vocabulary)).to(self.decoder.weight.dtype), []
        for number, (layer, state) in enumerate(zip(self.layers, states)):
            y, state = layer(x, state)
            x = x + y if self.residual and number > 0 else y
            after.append(state)
        return self.decoder(x), after

    def encode(self, text):
        """The ids of a text. What the vocabulary lacks is left out."""
        index = {symbol: number for number, symbol in enumerate(self.vocabulary)}
        symbols = map(chr, text.encode()) if self.reads_bytes else text
        return [index[symbol] for symbol in symbols if symbol in index]

    def decode(self, ids):
        text = "".join(self.vocabulary[number] for number in ids)
        return text.encode("latin-1").decode("utf-8", "replace") if self.reads_bytes else text


def load(path="model.safetensors"):
    """Reads a model, ready to write. model.train() trains it further."""
    with safe_open(path, framework="pt") as file:
        about = json.loads(file.metadata()["charloom"])
        tensors = {name: file.get_tensor(name) for name in file.keys()}
    return CharacterModel(about, tensors).eval()


@torch.no_grad()
def write(model, opening_words, length, temperature=0.8):
    """The opening words, and as many symbols as asked for."""
    ids = model.encode(opening_words) or [0]
    logits, states = model(torch.tensor(ids)[:, None])
    for _ in range(length):
        chosen = torch.multinomial(torch.softmax(logits[-1, 0] / temperature, 0), 1)
        ids.append(int(chosen))
        logits, states = model(chosen[:, None], states)
    return model.decode(ids)
`;
