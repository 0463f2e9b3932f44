"""Times one training step of PyTorch with char-rnn's semantics, for the ratio that the speed figures are given in.

The fastest fair form: torch.nn.LSTM/GRU/RNN (fused CPU kernels), layer 1 fed by one-hot vectors as char-rnn does or, with
--gather, by nothing larger than an index. Clamp per element and RMSProp by hand, as char-rnn defines them.
"""

import argparse
import statistics
import time

import torch

parser = argparse.ArgumentParser()
parser.add_argument("--model", choices=["lstm", "gru", "rnn"], default="lstm")
parser.add_argument("--size", type=int, default=128)
parser.add_argument("--layers", type=int, default=2)
parser.add_argument("--batch", type=int, default=50)
parser.add_argument("--sequence", type=int, default=50)
parser.add_argument("--vocabulary", type=int, default=65)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--steps", type=int, default=20)
parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu")
options = parser.parse_args()
torch.set_num_threads(options.threads)
torch.manual_seed(1)
# Charloom's products are whole float32 on every device.
torch.backends.cuda.matmul.allow_tf32 = False
torch.backends.cudnn.allow_tf32 = False
device = torch.device(options.device)
wait = torch.cuda.synchronize if options.device == "cuda" else lambda: None

kind = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU, "rnn": torch.nn.RNN}[options.model]
network = kind(options.vocabulary, options.size, options.layers, batch_first=True).to(device)
decoder = torch.nn.Linear(options.size, options.vocabulary).to(device)
parameters = [*network.parameters(), *decoder.parameters()]
for parameter in parameters:
    torch.nn.init.uniform_(parameter, -0.08, 0.08)
accumulators = [torch.zeros_like(parameter) for parameter in parameters]
x = torch.randint(options.vocabulary, (options.batch, options.sequence), device=device)
y = torch.randint(options.vocabulary, (options.batch, options.sequence), device=device)
state = None


def step() -> None:
    global state
    one_hot = torch.nn.functional.one_hot(x, options.vocabulary).float()
    output, state = network(one_hot, state)
    state = tuple(part.detach() for part in state) if isinstance(state, tuple) else state.detach()
    logits = decoder(output)
    loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), y.flatten()) * options.sequence
    gradients = torch.autograd.grad(loss, parameters)
    with torch.no_grad():
        for parameter, gradient, accumulator in zip(parameters, gradients, accumulators):
            clamped = gradient.clamp(-5, 5)
            accumulator.mul_(0.95).addcmul_(clamped, clamped, value=0.05)
            parameter.addcdiv_(clamped, accumulator.sqrt().add_(1e-8), value=-0.002)
    loss.item()


for _ in range(5):
    step()
times = []
for _ in range(options.steps):
    wait()
    start = time.perf_counter()
    step()
    wait()
    times.append((time.perf_counter() - start) * 1000)
print(f"{statistics.median(times):.2f}")
