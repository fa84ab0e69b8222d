"""Tune the encoder on the training data: make tune (a maintainer's command, about half an hour).

Writes ``nlu/encoder/layers.onnx``, which belongs into the repository. One utterance in sixteen is
left out, so that `nlu.calibrate` can set temperatures and thresholds on messages that the encoder
was not tuned on.
"""

from __future__ import annotations

import argparse
import random
import sys
import time

import numpy as np
import torch
from torch.nn import functional

from nlu.data import ROOT, Example, load_contract, load_examples
from nlu.encoder.encoder import LAYERS, PieceVectors, packed_path
from nlu.encoder.held_out import is_held_out
from nlu.encoder.packed import read
from nlu.encoder.reading import reading, tidy
from nlu.encoder.tokenizer import Tokenizer
from nlu.tuning.export import export
from nlu.tuning.model import TunedEncoder

_BATCH = 96
_LENGTH_STEP = 8
_RATE, _HEAD_RATE = 2e-4, 2e-3
_RATE_DECAY = 0.9  # a layer learns by so much less than the one above it
_WARM_UP = 0.06  # share of the steps
_SMOOTHING = 0.1
_PIECE_DROPOUT = 0.05  # pieces read as unknown, so that no single one decides
_UNTOUCHED = 4  # the begin and "query: " are always read


def main(arguments: list[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m nlu.tuning.tune", description="Tune.")
    parser.add_argument("--epochs", type=float, default=6)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    torch.manual_seed(options.seed)
    random.seed(options.seed)
    examples = load_examples(ROOT / "nlu")
    tuner = _Tuner([e for e in examples if not is_held_out(e.text)])
    tuner.tune(options.epochs)
    tuner.report([e for e in examples if is_held_out(e.text)])
    export(tuner.encoder, tuner.packed, LAYERS)
    print(f"written: {LAYERS}")
    return 0


class _Tuner:
    def __init__(self, examples: list[Example]) -> None:
        self.packed = read(packed_path())
        self._tokenizer, self._pieces = Tokenizer(self.packed), PieceVectors(self.packed)
        self._names = sorted(load_contract().intents)
        self.encoder = TunedEncoder(self.packed, len(self._names))
        self._texts = [self._encode(e) for e in examples]
        self._labels = torch.tensor([self._names.index(e.intent) for e in examples])
        print(f"{len(examples)} utterances to learn from", flush=True)

    def _encode(self, example: Example) -> list[int]:
        text = reading(tidy(example.text), example.language, example.script)
        return self._tokenizer.encode(text)

    def _batch(self, texts: list[list[int]], dropout: float) -> tuple[torch.Tensor, torch.Tensor]:
        # few different shapes: PyTorch prepares its kernels anew for each
        longest = -(-max(map(len, texts)) // _LENGTH_STEP) * _LENGTH_STEP
        pieces = np.zeros((len(texts), longest, self.packed.width), np.float32)
        mask = np.zeros((len(texts), longest), bool)
        for row, numbers in enumerate(texts):
            if dropout:
                numbers = [
                    self.packed.unknown
                    if _UNTOUCHED <= place < len(numbers) - 1 and random.random() < dropout
                    else number
                    for place, number in enumerate(numbers)
                ]
            pieces[row, : len(numbers)] = self._pieces.of(numbers)
            mask[row, : len(numbers)] = True
        return torch.from_numpy(pieces), torch.from_numpy(mask)

    def _batches(self):
        """Endless batches of texts of like length, in an order that is new in each epoch.

        Up to one batch less than an epoch: all batches are of the same size.
        """
        while True:
            order = list(range(len(self._texts)))
            random.shuffle(order)
            batches = []
            for start in range(0, len(order), _BATCH * 20):
                near = sorted(order[start : start + _BATCH * 20], key=lambda i: len(self._texts[i]))
                whole = range(0, len(near) - _BATCH + 1, _BATCH)
                batches += [near[i : i + _BATCH] for i in whole]
            random.shuffle(batches)
            yield from batches

    def tune(self, epochs: float) -> None:
        """Tune all layers and the head by cross-entropy (AdamW, linear warm-up and decay)."""
        count = len(self.encoder.layers)
        groups = [
            {"params": list(layer.parameters()), "lr": _RATE * _RATE_DECAY ** (count - 1 - number)}
            for number, layer in enumerate(self.encoder.layers)
        ]
        groups.append({"params": list(self.encoder.head.parameters()), "lr": _HEAD_RATE})
        optimizer = torch.optim.AdamW(groups, weight_decay=0.01, betas=(0.9, 0.98), fused=True)
        steps = int(len(self._texts) / _BATCH * epochs)
        warm = max(1, int(steps * _WARM_UP))
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimizer,
            lambda step: min((step + 1) / warm, max(0.01, (steps - step) / (steps - warm))),
        )
        self.encoder.train()
        begun, average = time.monotonic(), 0.0
        for step, chosen in zip(range(1, steps + 1), self._batches(), strict=False):
            scores = self.encoder(*self._batch([self._texts[i] for i in chosen], _PIECE_DROPOUT))
            loss = functional.cross_entropy(
                scores, self._labels[chosen], label_smoothing=_SMOOTHING
            )
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.encoder.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            average += (loss.item() - average) / min(step, 50)
            if step % 50 == 0 or step == steps:
                left = (time.monotonic() - begun) / step * (steps - step)
                print(f"step {step}/{steps}, loss {average:.3f}, {left:.0f} s left", flush=True)
        self.encoder.eval()

    def report(self, held: list[Example]) -> None:
        """Print the head's accuracy on utterances that it was not tuned on."""
        right: dict[str, list[bool]] = {}
        with torch.no_grad():
            for start in range(0, len(held), _BATCH):
                some = held[start : start + _BATCH]
                best = self.encoder(*self._batch([self._encode(e) for e in some], 0)).argmax(1)
                for example, number in zip(some, best.tolist(), strict=True):
                    kind = f"{example.language} {example.script}"
                    hit = self._names[number] == example.intent
                    right.setdefault(kind, []).append(hit)
                    right.setdefault("all", []).append(hit)
        for kind, hits in sorted(right.items()):
            print(f"held out, {kind}: {sum(hits) / len(hits):.3f} of {len(hits)}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
