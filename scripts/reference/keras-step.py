"""Milliseconds per training step of the same model in Keras, to compare Charloom with in one run on one machine.

    python scripts/reference/keras-step.py --model lstm --rnn-size 128 --steps 20

Needs `pip install tensorflow-cpu==2.18.1` (Keras comes with it). The step is Keras' own `train_on_batch`: one-hot input,
stateful recurrent layers, a dense layer, cross entropy, RMSProp with the gradient clamped by value.
"""

import argparse
import json
import os
import statistics
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", choices=["lstm", "gru", "rnn"], default="lstm")
    parser.add_argument("--rnn-size", type=int, default=128)
    parser.add_argument("--num-layers", type=int, default=2)
    parser.add_argument("--batch-size", type=int, default=50)
    parser.add_argument("--seq-length", type=int, default=50)
    parser.add_argument("--vocabulary", type=int, default=65)
    parser.add_argument("--steps", type=int, default=20)
    return parser.parse_args()


def build(options):
    kinds = {"lstm": keras.layers.LSTM, "gru": keras.layers.GRU, "rnn": keras.layers.SimpleRNN}
    # char-rnn applies the reset gate before the recurrent product.
    extra = {"reset_after": False} if options.model == "gru" else {}
    shape = (options.batch_size, options.seq_length, options.vocabulary)
    layers = [keras.Input(batch_shape=shape)]
    for _ in range(options.num_layers):
        layers.append(
            kinds[options.model](options.rnn_size, return_sequences=True, stateful=True, **extra)
        )
    layers.append(keras.layers.Dense(options.vocabulary))
    model = keras.Sequential(layers)
    model.compile(
        optimizer=keras.optimizers.RMSprop(0.002, rho=0.95, clipvalue=0.1),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    return model


def main():
    options = parse_arguments()
    random = numpy.random.RandomState(1)
    size = (options.batch_size, options.seq_length)
    x = numpy.eye(options.vocabulary, dtype="float32")[random.randint(0, options.vocabulary, size)]
    y = random.randint(0, options.vocabulary, size).astype("int32")
    model = build(options)
    times = []
    for step in range(options.steps + 5):
        started = time.perf_counter()
        model.train_on_batch(x, y)
        if step >= 5:
            times.append((time.perf_counter() - started) * 1000)
    print(json.dumps({"ms_per_step": round(statistics.median(times), 2), "keras": keras.__version__}))


main()
