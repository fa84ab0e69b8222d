"""The encoder in PyTorch, with the published weights, so that it can be tuned."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from nlu.encoder.packed import Packed

DROPOUT = 0.1
#: Half precision is a third quicker where the processor has it, and many times slower elsewhere.
HALF = any(torch.cpu.get_capabilities().get(name) for name in ("avx512_bf16", "amx_bf16"))


class SharedDropout(nn.Module):
    """Dropout that is the same for all pieces of a text: several times quicker to draw."""

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """`values`: (texts, pieces, width)."""
        if not self.training:
            return values
        kept = torch.rand(values.shape[0], 1, values.shape[2]) >= DROPOUT
        return values * (kept.to(values.dtype) / (1 - DROPOUT))


class Layer(nn.Module):
    """One transformer layer as BERT has it (Devlin et al. 2019), norms after the sums."""

    def __init__(self, packed: Packed, number: int) -> None:
        """Take the weights of layer `number`, from 0."""
        super().__init__()
        width, inner = packed.width, packed.inner
        self.heads = packed.heads
        self.asked = nn.Linear(width, 3 * width)  # queries, keys and values
        self.attended = nn.Linear(width, width)
        self.attended_norm = nn.LayerNorm(width, eps=packed.epsilon)
        self.inner = nn.Linear(width, inner)
        self.outer = nn.Linear(inner, width)
        self.outer_norm = nn.LayerNorm(width, eps=packed.epsilon)
        self.dropout = SharedDropout()

        def tensor(name: str) -> torch.Tensor:
            return torch.from_numpy(np.array(packed.tensor(f"l{number}.{name}")))

        with torch.no_grad():
            for kind in ("w", "b"):
                asked = torch.cat([tensor(f"{part}.{kind}") for part in "qkv"])
                (self.asked.weight if kind == "w" else self.asked.bias).copy_(asked)
            for name, module in self.parts():
                module.weight.copy_(tensor(f"{name}.w"))
                module.bias.copy_(tensor(f"{name}.b"))

    def parts(self) -> list[tuple[str, nn.Module]]:
        """The modules but ``asked``, with their names in the packed file."""
        return [
            ("ao", self.attended),
            ("aln", self.attended_norm),
            ("fi", self.inner),
            ("fo", self.outer),
            ("oln", self.outer_norm),
        ]

    def forward(self, pieces: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """`pieces`: (texts, pieces, width); `mask`: (texts, 1, 1, pieces), true where one is."""
        texts, length, width = pieces.shape
        asked = self.asked(pieces).view(texts, length, 3, self.heads, width // self.heads)
        query, key, value = asked.permute(2, 0, 3, 1, 4)
        # written out: PyTorch's own attention is several times slower backwards on a CPU
        likeness = query @ key.transpose(2, 3) / (width // self.heads) ** 0.5
        found = likeness.masked_fill(~mask, float("-inf")).softmax(-1).to(value.dtype) @ value
        found = found.transpose(1, 2).reshape(texts, length, width)
        pieces = self.attended_norm(pieces + self.dropout(self.attended(found)))
        thought = self.outer(functional.gelu(self.inner(pieces)))
        return self.outer_norm(pieces + self.dropout(thought))


class TunedEncoder(nn.Module):
    """All layers and, for tuning, a linear head over the mean of a text's pieces."""

    def __init__(self, packed: Packed, classes: int) -> None:
        """Take the published layers; the head for `classes` intents starts at zero."""
        super().__init__()
        self.layers = nn.ModuleList(Layer(packed, number) for number in range(packed.layers))
        self.head = nn.Linear(packed.width, classes)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def sentence(self, pieces: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Mean of the last layer's pieces, (texts, width). `mask`: (texts, pieces) bool."""
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=HALF):
            for layer in self.layers:
                pieces = layer(pieces, mask[:, None, None, :])
        weight = mask[..., None].float()
        return (pieces.float() * weight).sum(1) / weight.sum(1)

    def forward(self, pieces: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Scores of the intents, (texts, classes)."""
        sentence = self.sentence(pieces, mask)
        return self.head(functional.dropout(sentence, DROPOUT, self.training))
