"""Tune the encoder on the training data: make tune (a maintainer's command, under an hour).

Writes ``nlu/encoder/layers.onnx``, which belongs into the repository. One utterance in sixteen is
left out, so that `nlu.calibrate` can set temperatures and thresholds on messages that the encoder
was not tuned on.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from nlu.data import ROOT, Example, load_contract, load_examples, some
from nlu.encoder.encoder import LAYERS, PieceVectors, packed_path
from nlu.encoder.held_out import is_held_out
from nlu.encoder.packed import read
from nlu.encoder.reading import reading, tidy
from nlu.encoder.tokenizer import Tokenizer
from nlu.tuning.export import export
from nlu.tuning.model import TunedEncoder
from nlu.tuning.resume import resume

_BATCH = 96
_LENGTH_STEP = 4  # few different shapes: PyTorch prepares its kernels anew for each
_SORTED = 100  # batches whose texts are sorted by length together: little is padding then
_RATE, _HEAD_RATE = 2e-4, 2e-3
_RESUMED = 0.5  # share of the rate with which tuned layers go on learning
_RATE_DECAY = 0.9  # a layer learns by so much less than the one above it
_WARM_UP = 0.06  # share of the steps
_SMOOTHING = 0.1
_DANGER_LOSS = 0.5  # how much "danger or not" counts beside "which intent"
_PIECE_DROPOUT = 0.05  # pieces read as unknown, so that no single one decides
_UNTOUCHED = 4  # the begin and "query: " are always read


def main(arguments: list[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m nlu.tuning.tune", description="Tune.")
    parser.add_argument("--epochs", type=float, default=5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--share", type=float, default=1, help="of the training data (default all)")
    parser.add_argument("--out", type=Path, default=LAYERS, help="where the layers are written")
    parser.add_argument("--json", type=Path, help="also write the held-out figures to this file")
    parser.add_argument(
        "--danger", type=float, default=_DANGER_LOSS, help="weight of the loss of danger or not"
    )
    parser.add_argument(
        "--on",
        type=Path,
        metavar="LAYERS",
        help="go on from tuned layers, at half the rate: two epochs take in new data",
    )
    parser.add_argument(
        "--new", type=Path, help="a folder of more utterances, all of which are learnt from"
    )
    options = parser.parse_args(arguments)
    torch.manual_seed(options.seed)
    random.seed(options.seed)
    examples = load_examples(ROOT / "nlu")
    learnt = some([e for e in examples if not is_held_out(e.text)], options.share)
    if options.new:
        new = load_examples(options.new)
        learnt += [e for e in new if not is_held_out(e.text)]
        examples += new
    tuner = _Tuner(learnt, options.danger)
    if options.on:
        resume(tuner.encoder, options.on)
        tuner.rate = _RATE * _RESUMED
    tuner.tune(options.epochs)
    figures = tuner.report([e for e in examples if is_held_out(e.text)])
    if options.json:
        options.json.write_text(json.dumps({"utterances": len(learnt), **figures}, indent=1))
    export(tuner.encoder, tuner.packed, options.out)
    print(f"written: {options.out}")
    return 0


class _Tuner:
    def __init__(self, examples: list[Example], danger_loss: float) -> None:
        self.packed = read(packed_path())
        self._tokenizer, self._pieces = Tokenizer(self.packed), PieceVectors(self.packed)
        contract = load_contract()
        self._names = sorted(contract.intents)
        self._danger = torch.tensor([name in contract.danger for name in self._names])
        self._danger_loss = danger_loss
        self.rate = _RATE
        self.encoder = TunedEncoder(self.packed, len(self._names))
        self._texts = [self._encode(e) for e in examples]
        self._labels = torch.tensor([self._names.index(e.intent) for e in examples])
        print(f"{len(examples)} utterances to learn from", flush=True)

    def _encode(self, example: Example) -> list[int]:
        text = reading(tidy(example.text), example.language, example.script)
        return self._tokenizer.encode(text)

    def _batch(self, texts: list[list[int]], dropout: float) -> tuple[torch.Tensor, torch.Tensor]:
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
            for start in range(0, len(order), _BATCH * _SORTED):
                near = sorted(
                    order[start : start + _BATCH * _SORTED], key=lambda i: len(self._texts[i])
                )
                whole = range(0, len(near) - _BATCH + 1, _BATCH)
                batches += [near[i : i + _BATCH] for i in whole]
            random.shuffle(batches)
            yield from batches

    def tune(self, epochs: float) -> None:
        """Tune all layers and the head by cross-entropy (AdamW, linear warm-up and decay)."""
        count = len(self.encoder.layers)
        groups = [
            {
                "params": list(layer.parameters()),
                "lr": self.rate * _RATE_DECAY ** (count - 1 - number),
            }
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
            loss = self._loss(scores, self._labels[chosen])
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

    def _loss(self, scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """Cross-entropy of the intents, and of danger against all else, from the same scores.

        The second keeps apart what must not be taken for the other, whichever intent it is.
        """
        intents = functional.cross_entropy(scores, labels, label_smoothing=_SMOOTHING)
        if not self._danger_loss:
            return intents
        whole = scores.logsumexp(1)
        sides = torch.stack(
            [whole - scores[:, side].logsumexp(1) for side in (~self._danger, self._danger)]
        )
        return (
            intents + self._danger_loss * sides.gather(0, self._danger[labels].long()[None]).mean()
        )

    def report(self, held: list[Example]) -> dict[str, dict[str, float]]:
        """Print and return the head's figures on utterances that it was not tuned on.

        By language and script: share of intents met ("accuracy"), and the share of harmless
        messages that would be suspected so that of the dangers 99 % are ("false_alarms").
        """
        chances = []
        with torch.no_grad():
            for start in range(0, len(held), _BATCH):
                batch = [self._encode(e) for e in held[start : start + _BATCH]]
                chances.append(self.encoder(*self._batch(batch, 0)).softmax(1))
        chances = torch.cat(chances)
        labels = torch.tensor([self._names.index(e.intent) for e in held])
        right = (chances.argmax(1) == labels).float()
        alarm, danger = chances[:, self._danger].sum(1), self._danger[labels]
        kinds = [f"{e.language} {e.script}" for e in held]
        figures = {}
        for kind in ("all", *sorted(set(kinds))):
            rows = torch.tensor([kind in ("all", k) for k in kinds])
            level = alarm[rows & danger].quantile(0.01)
            figures[kind] = {
                "messages": int(rows.sum()),
                "accuracy": round(right[rows].mean().item(), 4),
                "false_alarms": round((alarm[rows & ~danger] >= level).float().mean().item(), 4),
            }
            print(f"held out, {kind}: {figures[kind]}", flush=True)
        return figures


if __name__ == "__main__":
    sys.exit(main())
