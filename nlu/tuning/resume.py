"""Tuned layers read back from the file that is served, to go on tuning with new data."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from nlu.tuning.model import TunedEncoder


def resume(encoder: TunedEncoder, path: Path) -> None:
    """Put the layers of a file that ``nlu.tuning.export`` wrote into ``encoder``.

    Matrices come back as the 8-bit numbers times the scale of their column. Raises OSError if the
    file can't be read, KeyError if it holds other layers.
    """
    stored = {w.name: numpy_helper.to_array(w) for w in onnx.load(path).graph.initializer}

    def matrix(name: str) -> torch.Tensor:
        # stored as (in, out), a scale for each column; PyTorch has (out, in)
        zero = stored[f"{name}_zero_point"].astype(np.float32)
        whole = stored[f"{name}_quantized"].astype(np.float32) - zero
        return torch.from_numpy((whole * stored[f"{name}_scale"]).T.copy())

    def vector(name: str) -> torch.Tensor:
        return torch.from_numpy(stored[name].copy())

    with torch.no_grad():
        for number, layer in enumerate(encoder.layers):
            for part, module in (("asked", layer.asked), *layer.parts()):
                name = f"l{number}.{part}"
                norm = part.endswith("ln")
                module.weight.copy_(vector(f"{name}.w") if norm else matrix(f"{name}.w"))
                module.bias.copy_(vector(f"{name}.b"))
