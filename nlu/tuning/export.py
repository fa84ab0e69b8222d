"""From tuned layers to the file that is served: a graph for ONNX Runtime in 8-bit numbers."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from nlu.encoder.packed import Packed
from nlu.tuning.model import Layer, TunedEncoder

_FUSED = "com.microsoft"  # ONNX Runtime's own operators, which do a layer in a few steps


def export(encoder: TunedEncoder, packed: Packed, path: Path) -> None:
    """Write the layers to `path`.

    Inputs of the graph: ``pieces`` (texts, pieces, width) float32, ``mask`` (texts, pieces)
    int32; output ``sentence`` (texts, width) float32, not of unit length. Matrices are stored as
    8-bit numbers with a scale for each column.
    """
    graph = _Graph()
    last = "pieces"
    for number, layer in enumerate(encoder.layers):
        last = graph.layer(last, layer, packed, f"l{number}.")
    graph.mean(last)
    with tempfile.TemporaryDirectory() as folder:
        exact = Path(folder) / "exact.onnx"
        onnx.save(graph.model(packed.width), exact)
        quantize_dynamic(
            exact,
            path,
            per_channel=True,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul", "Attention"],
            # types of the fused operators' results can't be inferred: they are all floats
            extra_options={"DefaultTensorType": TensorProto.FLOAT, "MatMulConstBOnly": True},
        )


class _Graph:
    def __init__(self) -> None:
        self._nodes: list = []
        self._weights: list = []

    def _weight(self, name: str, values: np.ndarray) -> str:
        self._weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def _node(self, kind: str, inputs: list[str], output: str, domain: str = "", **settings) -> str:
        self._nodes.append(helper.make_node(kind, inputs, [output], domain=domain, **settings))
        return output

    def layer(self, given: str, layer: Layer, packed: Packed, name: str) -> str:
        """Add one layer; returns the name of its result."""

        def matrix(part: str, module) -> str:
            return self._weight(f"{name}{part}.w", module.weight.detach().numpy().T)

        def bias(part: str, module) -> str:
            return self._weight(f"{name}{part}.b", module.bias.detach().numpy())

        def norm(part: str, module) -> list[str]:
            weight = self._weight(f"{name}{part}.w", module.weight.detach().numpy())
            return [weight, bias(part, module)]

        found = self._node(
            "Attention",
            [given, matrix("asked", layer.asked), bias("asked", layer.asked), "mask"],
            name + "found",
            _FUSED,
            num_heads=packed.heads,
        )
        attended = self._node("MatMul", [found, matrix("ao", layer.attended)], name + "attended")
        middle = self._node(
            "SkipLayerNormalization",
            [attended, given, *norm("aln", layer.attended_norm), bias("ao", layer.attended)],
            name + "middle",
            _FUSED,
            epsilon=packed.epsilon,
        )
        inner = self._node("MatMul", [middle, matrix("fi", layer.inner)], name + "inner")
        active = self._node("BiasGelu", [inner, bias("fi", layer.inner)], name + "active", _FUSED)
        outer = self._node("MatMul", [active, matrix("fo", layer.outer)], name + "outer")
        return self._node(
            "SkipLayerNormalization",
            [outer, middle, *norm("oln", layer.outer_norm), bias("fo", layer.outer)],
            name + "result",
            _FUSED,
            epsilon=packed.epsilon,
        )

    def mean(self, given: str) -> None:
        """Add the mean over the pieces that the mask lets through."""
        pieces = self._weight("pieces_axis", np.array([1], np.int64))
        last = self._weight("last_axis", np.array([2], np.int64))
        mask = self._node("Cast", ["mask"], "mask_float", to=TensorProto.FLOAT)
        mask = self._node("Unsqueeze", [mask, last], "mask_column")
        kept = self._node("Mul", [given, mask], "kept")
        total = self._node("ReduceSum", [kept, pieces], "total", keepdims=0)
        count = self._node("ReduceSum", [mask, pieces], "count", keepdims=0)
        self._node("Div", [total, count], "sentence")

    def model(self, width: int):
        """The whole graph as an ONNX model."""
        pieces = ["texts", "pieces", width]
        inputs = [
            helper.make_tensor_value_info("pieces", TensorProto.FLOAT, pieces),
            helper.make_tensor_value_info("mask", TensorProto.INT32, pieces[:2]),
        ]
        output = helper.make_tensor_value_info("sentence", TensorProto.FLOAT, ["texts", width])
        graph = helper.make_graph(self._nodes, "encoder", inputs, [output], self._weights)
        opsets = [helper.make_opsetid("", 17), helper.make_opsetid(_FUSED, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=8)
