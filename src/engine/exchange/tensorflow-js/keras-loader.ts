/** `keras_model.py`: builds the layers of model.json in Keras and loads weights.bin into them. */
export const kerasLoader = `"""A character-level language model that Charloom exported, as a Keras model. Needs keras and numpy.

    from keras_model import load, write
    model = load()
    print(write(model, "The ", 300))
"""

import json
from pathlib import Path

import keras
import numpy


def load(folder="."):
    """One-hot symbols [1, time, V] to logits [1, time, V]. The layers are stateful: call reset(model) before another text."""
    folder = Path(folder)
    about = json.loads((folder / "model.json").read_text("utf-8"))
    shape = about["userDefinedMetadata"]["model"]
    inputs = keras.Input(batch_shape=(1, None, shape["vocabularySize"]), name="symbols")
    kind = {"lstm": keras.layers.LSTM, "gru": keras.layers.GRU, "rnn": keras.layers.SimpleRNN}[shape["model"]]
    options = {"reset_after": False} if shape["model"] == "gru" else {}
    residual = any(layer["class_name"] == "Add" for layer in about["modelTopology"]["config"]["layers"])
    x = inputs
    for number in range(shape["numLayers"]):
        layer = kind(shape["rnnSize"], return_sequences=True, stateful=True, name=f"layer_{number}", **options)
        x = keras.layers.add([layer(x), x]) if residual and number > 0 else layer(x)
    outputs = keras.layers.Dense(shape["vocabularySize"], name="decoder")(x)
    model = keras.Model(inputs, outputs)
    weights, offset, data = {}, 0, numpy.fromfile(folder / "weights.bin", "<f4")
    for entry in about["weightsManifest"][0]["weights"]:
        size = int(numpy.prod(entry["shape"]))
        weights[entry["name"]] = data[offset : offset + size].reshape(entry["shape"])
        offset += size
    for layer in model.layers:
        own = [value for name, value in weights.items() if name.startswith(layer.name + "/")]
        if own:
            layer.set_weights(own)
    model.vocabulary = about["userDefinedMetadata"]["vocabulary"]
    model.reads_bytes = about["userDefinedMetadata"]["symbols"] == "bytes"
    return model


def reset(model):
    """Forgets what was read."""
    for layer in model.layers:
        if getattr(layer, "stateful", False):
            layer.reset_states()


def read(model, ids):
    """Reads symbols by their ids; the logits after each, [time, V]."""
    return numpy.array(model(numpy.eye(len(model.vocabulary), dtype="float32")[ids][None]))[0]


def write(model, opening_words, length, temperature=0.8):
    """The opening words, and as many symbols as asked for."""
    index = {symbol: number for number, symbol in enumerate(model.vocabulary)}
    symbols = map(chr, opening_words.encode()) if model.reads_bytes else opening_words
    ids = [index[symbol] for symbol in symbols if symbol in index] or [0]
    reset(model)
    logits = read(model, ids)[-1]
    for _ in range(length):
        chances = numpy.exp((logits.astype(float) - logits.max()) / temperature)
        ids.append(int(numpy.random.choice(len(chances), p=chances / chances.sum())))
        logits = read(model, ids[-1:])[-1]
    text = "".join(model.vocabulary[number] for number in ids)
    return text.encode("latin-1").decode("utf-8", "replace") if model.reads_bytes else text
`;
