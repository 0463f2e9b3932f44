"""Writes test/fixtures/fused-recurrence.json: one recurrent layer through a whole sequence, by PyTorch in float64.

PyTorch hands these very parameters to cuDNN on a card: input weights, recurrent weights, two bias vectors, LSTM's gates in the
order i, f, g, o. The test checks the kernel's stand-in against it, and with that how Charloom packs its weights for the kernel.

Needs torch. Run: python scripts/reference/fused-recurrence.py > test/fixtures/fused-recurrence.json
"""

import json

import torch

STEPS, ROWS, INPUTS, UNITS = 5, 3, 4, 6


def flat(tensors):
    return torch.cat([tensor.reshape(-1) for tensor in tensors]).tolist()


def case(mode):
    layer = (torch.nn.LSTM if mode == "lstm" else torch.nn.RNN)(INPUTS, UNITS).double()
    parameters = [layer.weight_ih_l0, layer.weight_hh_l0, layer.bias_ih_l0, layer.bias_hh_l0]
    inputs = torch.randn(STEPS, ROWS, INPUTS, dtype=torch.float64, requires_grad=True)
    states = [torch.randn(1, ROWS, UNITS, dtype=torch.float64) * 0.5 for _ in range(2 if mode == "lstm" else 1)]
    output, final = layer(inputs, tuple(states) if mode == "lstm" else states[0])
    upstream = torch.randn(STEPS, ROWS, UNITS, dtype=torch.float64)
    (output * upstream).sum().backward()
    return {
        "mode": mode,
        "input": flat([inputs.detach()]),
        "states": [flat([state]) for state in states],
        "parameters": flat([parameter.detach() for parameter in parameters]),
        "upstream": flat([upstream]),
        "output": flat([output.detach()]),
        "final": [flat([state.detach()]) for state in (final if mode == "lstm" else [final])],
        "input_gradient": flat([inputs.grad]),
        "parameter_gradient": flat([parameter.grad for parameter in parameters]),
    }


torch.manual_seed(20)
sizes = {"steps": STEPS, "rows": ROWS, "inputs": INPUTS, "units": UNITS}
print(json.dumps({"made_by": f"torch {torch.__version__.split('+')[0]}", **sizes, "cases": [case("lstm"), case("rnn_tanh")]}))
