"""Writes test/fixtures/inspection-states.json: the states of every kind of cell as it reads a few symbols, by numpy in float64.

Written from the definitions in src/shared/domain/cells.ts alone: LSTM gates i, f, o, g; GRU z, r, n with h = z*n + (1-z)*h', the reset before the product;
layer normalisation over the whole product, with a gain; a residual layer hands up h plus its input. Where a record begins all states are zero.

Needs numpy. Run: python scripts/reference/inspect-states.py > test/fixtures/inspection-states.json
"""

import json

import numpy as np

VOCABULARY, SIZE, LAYERS, STEPS = 4, 5, 3, 20
RECORD_STARTS = [0, 7, 8, 15]


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def norm(v):
    return (v - v.mean()) / np.sqrt(v.var() + 1e-5)


def parameters(rng, cell, layer_norm):
    gates = {"lstm": 4, "gru": 3, "rnn": 1}[cell]
    out = {}
    for layer in range(LAYERS):
        inputs = VOCABULARY if layer == 0 else SIZE
        shapes = {"wx": (gates * SIZE, inputs), "wh": (gates * SIZE, SIZE), "bx": (gates * SIZE,), "bh": (gates * SIZE,)}
        if layer_norm:
            shapes |= {"gx": (gates * SIZE,), "gh": (gates * SIZE,)}
            if cell == "lstm":
                shapes |= {"gc": (SIZE,), "bc": (SIZE,)}
        for name, shape in shapes.items():
            around = 1.0 if name[0] == "g" else 0.0
            out[f"layers.{layer}.{name}"] = around + rng.uniform(-0.7, 0.7, shape)
    out["decoder.w"] = rng.uniform(-0.7, 0.7, (VOCABULARY, SIZE))
    out["decoder.b"] = rng.uniform(-0.7, 0.7, (VOCABULARY,))
    # As the checkpoint holds them.
    return {name: value.astype(np.float32).astype(np.float64) for name, value in out.items()}


def step(p, layer, cell, layer_norm, x, h, c):
    get = lambda name: p[f"layers.{layer}.{name}"]
    rows = lambda first, last: slice(first * SIZE, last * SIZE)

    def from_input(first, last):
        if not layer_norm:
            return (get("wx") @ x + get("bx"))[rows(first, last)]
        return (norm(get("wx") @ x) * get("gx") + get("bx"))[rows(first, last)]

    def from_state(v, first, last):
        part = rows(first, last)
        product = get("wh")[part] @ v
        return (norm(product) * get("gh")[part] if layer_norm else product) + get("bh")[part]

    if cell == "rnn":
        return np.tanh(from_input(0, 1) + from_state(h, 0, 1)), c
    if cell == "gru":
        zr = sigmoid(from_input(0, 2) + from_state(h, 0, 2))
        z, r = zr[:SIZE], zr[SIZE:]
        n = np.tanh(from_input(2, 3) + from_state(r * h, 2, 3))
        return z * n + (1 - z) * h, c
    a = from_input(0, 4) + from_state(h, 0, 4)
    i, f, o = (sigmoid(a[rows(k, k + 1)]) for k in range(3))
    c = f * c + i * np.tanh(a[rows(3, 4)])
    shown = norm(c) * get("gc") + get("bc") if layer_norm else c
    return o * np.tanh(shown), c


def case(rng, cell, layer_norm, residual):
    p = parameters(rng, cell, layer_norm)
    symbols = rng.integers(0, VOCABULARY, STEPS)
    zeros = lambda: [np.zeros(SIZE) for _ in range(LAYERS)]
    h, c = zeros(), zeros()
    states, logits = [], []
    for t, symbol in enumerate(symbols):
        if t in RECORD_STARTS:
            h, c = zeros(), zeros()
        x = np.eye(VOCABULARY)[symbol]
        for layer in range(LAYERS):
            h[layer], c[layer] = step(p, layer, cell, layer_norm, x, h[layer], c[layer])
            x = h[layer] + x if residual and layer > 0 else h[layer]
        flat = [part for layer in range(LAYERS) for part in ([h[layer], c[layer]] if cell == "lstm" else [h[layer]])]
        states.append(np.concatenate(flat).round(7).tolist())
        logits.append((p["decoder.w"] @ x + p["decoder.b"]).round(7).tolist())
    return {
        "model": cell,
        "layer_norm": layer_norm,
        "residual": residual,
        "params": {name: value.astype(np.float32).ravel().astype(float).round(9).tolist() for name, value in p.items()},
        "symbols": symbols.tolist(),
        "states": states,
        "logits": logits,
    }


rng = np.random.default_rng(17)
cases = [
    case(rng, cell, layer_norm, residual)
    for cell in ("lstm", "gru", "rnn")
    for layer_norm in (False, True)
    for residual in (False, True)
]
print(
    json.dumps(
        {
            "vocabulary": VOCABULARY,
            "size": SIZE,
            "layers": LAYERS,
            "record_starts": RECORD_STARTS,
            "cases": cases,
        }
    )
)
